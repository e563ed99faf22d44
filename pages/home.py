"""The first screen: what this is, a map to walk at once, and one clear next step."""

from pages.widgets import frame, home
from pages.widgets.i18n import _

frame.heading("Semascope", _("Train an encoder of words in front of you, and walk what it has learned."))
home.steps()
home.showpiece()
home.recent()
