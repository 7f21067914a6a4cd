"""Why a run cannot be used."""

from core.errors import UserError


class RunError(UserError):
    """A run cannot be read."""


class RunMissing(RunError):
    """There is no such run: no folder, or one without a manifest."""


class SchemaUnknown(RunError):
    """The run was written under another version of the artifact schema."""


class ArtifactBroken(RunError):
    """A file of the run is missing or is not what the manifest and the schema say."""
