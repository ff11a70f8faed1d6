"""Which series and which results are on show: asked by everything that acts on "this one"."""

from __future__ import annotations

from viewers.qt.desk import ViewportDesk
from viewers.qt.viewport import ViewportWidget
from workstation.services.enhance_choices import EnhanceTask
from workstation.ui.enhance_layer import ResultLayer
from workstation.ui.enhance_run import Run
from workstation.ui.enhance_runs import EnhanceRuns
from workstation.ui.study_controller import StudyController


class ShownRuns:
    """Owned by the UI thread."""

    def __init__(
        self, desk: ViewportDesk, study: StudyController, runs: EnhanceRuns, layer: ResultLayer
    ) -> None:
        """Take what is asked: viewports, study, enhancements and where they are shown."""
        self._desk, self._study, self._runs, self._layer = desk, study, runs, layer

    def row(self) -> int | None:
        """Return the series in the active viewport; None for none, and for a volume we made."""
        series = self._study.shown_series
        return None if series is None else self._study.rows.index(series.item)

    def modality(self, row: int) -> str:
        """Return the modality of a series of the list."""
        return self._study.rows[row].display_set.series.modality

    def laid(self) -> Run | None:
        """Return what is laid over the series in the active viewport; None for nothing."""
        return self.laid_in(self._desk.active)

    def laid_in(self, viewport: ViewportWidget) -> Run | None:
        """Return what is laid over the series of a viewport; None for nothing."""
        content = viewport.content
        series = None if content is None else self._study.loaded_of(content.volume)
        if series is None:
            return None
        run = self._runs.of(self._study.rows.index(series.item), EnhanceTask.LESS_NOISE)
        return run if run is not None and run.is_on else None

    def made(self) -> Run | None:
        """Return what made the volume in the active viewport; None for a stored one."""
        return self._layer.made_in(self._desk.active, lambda: tuple(self._runs))

    @property
    def is_derived(self) -> bool:
        """Whether the active viewport shows a stored result with the series it was made of."""
        content = self._desk.active.content
        return content is not None and content.original is not None and self.made() is None

    def unit(self, run: Run | None) -> str:
        """Return the unit of the series of an enhancement; empty where it is not known."""
        series = None if run is None else self._layer.series(run)
        return "" if series is None else series.volume.intensity.unit.value
