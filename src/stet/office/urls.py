"""The office's addresses."""

app_name = "office"
urlpatterns: list[object] = []
