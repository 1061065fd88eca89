"""Print the cookie of a session of the user whose login name is given."""

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.plain.settings"


def main(login_name: str) -> None:
    import django

    django.setup()
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from bench.peers.plain.models import User

    request = HttpRequest()
    request.session = SessionStore()
    user = User.objects.get(login_name=login_name)
    user.save = lambda **_: None
    from django.contrib.auth import user_logged_in
    from django.contrib.auth.models import update_last_login

    user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    print(f"sessionid={request.session.session_key}")


if __name__ == "__main__":
    main(sys.argv[1])
