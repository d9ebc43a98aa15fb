"""The frontdesk as a WSGI application, for the server that the project starts. Django is set up already."""

from typing import Any


def make_application() -> Any:
    """The application. A key that is missing is refused here, not at the first reader."""
    from django.core.wsgi import get_wsgi_application

    from stet.frontdesk.desk import reached_at, the_desk

    application = get_wsgi_application()
    the_desk()

    def answer(environment: dict[str, Any], start_response: Any) -> Any:
        with reached_at(environment.get("HTTP_HOST", "")):
            return application(environment, start_response)

    return answer
