"""Django settings; whatever differs between instances comes from `environment`."""

from pathlib import Path

from mulin.config.environment import read_environment

ENVIRONMENT = read_environment()
PACKAGE = Path(__file__).resolve().parents[1]

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
DATABASES = {"default": ENVIRONMENT.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MULIN_HOME = ENVIRONMENT.home
MULIN_PACKS = ENVIRONMENT.packs
MULIN_SHARED_DATA = ENVIRONMENT.shared_data
MULIN_PUBLIC_ADDRESS = ENVIRONMENT.public_address
MULIN_IS_DEMO = ENVIRONMENT.is_demo
# Of one caller, in each server process.
MULIN_API_CALLS_A_MINUTE = ENVIRONMENT.api_calls_a_minute
MULIN_POLICIES = "mulin.config.policies.POLICIES"
# Every host this server may speak to, and the one whose map tiles a browser may ask for; none by default.
MULIN_OUTGOING_HOSTS = ENVIRONMENT.outgoing_hosts()
MULIN_TILE_ADDRESS = ENVIRONMENT.tile_address
MULIN_TILE_HOST = ENVIRONMENT.tile_host()
EMAIL_HOST = ENVIRONMENT.mail.host
EMAIL_PORT = ENVIRONMENT.mail.port
EMAIL_HOST_USER = ENVIRONMENT.mail.user
EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.password
EMAIL_USE_TLS = ENVIRONMENT.mail.encryption == "starttls"
EMAIL_USE_SSL = ENVIRONMENT.mail.encryption == "tls"
DEFAULT_FROM_EMAIL = ENVIRONMENT.mail.sender or "mulin@localhost"

PARTS = [
    "mulin.parts.areas",
    "mulin.parts.registry",
    "mulin.parts.partners",
    "mulin.parts.service_requests",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "mulin.base",
    "mulin.identity",
    "mulin.web",
    *PARTS,
    "mulin.portals",
    "mulin.config",
]

MIDDLEWARE = [
    "mulin.web.middleware.ErrorPages",
    "django.middleware.security.SecurityMiddleware",
    "mulin.web.middleware.ContentSecurity",
    "mulin.web.static_files.PackedStaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mulin.web.middleware.Preferences",
    "mulin.web.middleware.ApiProblems",
    "django.middleware.common.CommonMiddleware",
    "mulin.web.drafts.KeepTyped",
    "mulin.web.middleware.Csrf",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mulin.identity.middleware.Access",
]

ROOT_URLCONF = "mulin.config.urls"
WSGI_APPLICATION = "mulin.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "mulin.web.jinja.Templates",
        "NAME": "jinja2",
        "DIRS": [
            PACKAGE / "web" / "templates",
            PACKAGE / "portals" / "templates",
            *(PACKAGE / "parts" / part.rsplit(".", 1)[1] / "templates" for part in PARTS),
        ],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "mulin.web.jinja.environment"},
    },
]

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["mulin.identity.backends.NameOrPhone"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "portals:sign_in"
LOGIN_REDIRECT_URL = "portals:home"
LOGOUT_REDIRECT_URL = "portals:front"
ACCOUNT_ADAPTER = "mulin.identity.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login_name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
# Our own limiter counts in rows, over all processes (identity.attempts); allauth's would lock out a whole village.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]

SESSION_ENGINE = "mulin.identity.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.is_behind_tls
SESSION_COOKIE_NAME = "__Host-mulin" if ENVIRONMENT.is_behind_tls else "mulin"
CSRF_COOKIE_NAME = "__Host-mulin-csrf" if ENVIRONMENT.is_behind_tls else "mulin-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "mulin.portals.views.expired.form_expired"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.is_behind_tls else None
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.is_behind_tls else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "mulin-language"
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"hide_secrets": {"()": "mulin.web.logs.HideSecrets"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {name: {"filters": ["hide_secrets"]} for name in ("django.request", "django.security.csrf")},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
