"""The only place that knows every part: settings, urls, policies and what each part registers."""
