"""New collection: a museum's table looked at before anything is trained on it."""


def render() -> None:
    """The page. What reads museums' tables is imported with its first visit: no other page needs
    it, and it takes a seventh of all that a server would import before its first page.
    """
    from dashboard.views.new_collection import page

    page.render()


__all__ = ["render"]
