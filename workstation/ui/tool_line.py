"""A line of buttons that fits into any width: what has no room stands behind its last button."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QToolButton, QWidget

from workstation.ui.theme import step_px
from workstation.ui.words import tr


class ToolLine(QWidget):
    """Buttons beside each other, the most wanted first. Owned by the UI thread.

    Qt's own tool bar hides the rest behind a sign of eight pixels that nobody finds; this one says
    "More", and behind it stands also what has no button at all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.installEventFilter(self)  # not event(): see CanvasWidget.eventFilter
        self._controls: list[QWidget] = []
        self._buttons: dict[QAction, QToolButton] = {}
        self._menu = QMenu(self)
        self.more = QToolButton(self)
        self._chosen: QAction | None = None
        self._name_more()
        self.more.setToolTip(tr("More tools and views"))
        self.more.setProperty("role", "flat")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.clicked.connect(self._open)
        self._menu.aboutToShow.connect(self._list_hidden)
        self._overflow: list[QAction] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def menu(self) -> QMenu:
        """What stands behind "More"; buttons that have no room come before it."""
        return self._menu

    def add_button(self, action: QAction) -> QToolButton:
        """Add a button of a command at the end."""
        made = QToolButton(self)
        made.setDefaultAction(action)
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        made.setProperty("role", "flat")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setAccessibleName(action.text())
        self._controls.append(made)
        self._buttons[action] = made
        return made

    def add_rule(self) -> None:
        """Add a line between the buttons before and after."""
        made = QFrame(self)
        made.setProperty("role", "divider")
        self._controls.append(made)

    def button(self, action: QAction) -> QToolButton | None:
        """Return the button of a command; None for none."""
        return self._buttons.get(action)

    def show_chosen(self, action: QAction | None) -> None:
        """Show which of several commands is in force where its button has no room."""
        self._chosen = action
        self._place()

    def hidden_actions(self) -> list[QAction]:
        """Return the commands whose buttons have no room now, in their order."""
        return [action for action, made in self._buttons.items() if made.isHidden()]

    def sizeHint(self) -> QSize:
        """Room for all."""
        widths = [self._width(one) + self._gap() for one in (*self._controls, self.more)]
        return QSize(sum(widths), self.more.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for the button at the end."""
        return self.more.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show what has room."""
        super().resizeEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Place the buttons anew where words, fonts or theme have changed."""
        if watched is not self:
            return False
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Polish):
            self.updateGeometry()
            self._place()
        return False

    def _place(self) -> None:
        """Place what has room; where the command in force has none, "More" names it."""
        self._name_more()
        self._place_buttons()
        if self._chosen is not None and self._is_hidden(self._chosen):
            self._name_more(self._chosen.text())
            self._place_buttons()

    def _is_hidden(self, action: QAction) -> bool:
        made = self._buttons.get(action)
        return made is None or made.isHidden()

    def _name_more(self, chosen: str = "") -> None:
        words = f"{tr('More')}: {chosen}" if chosen else tr("More")
        self.more.setText(f"{words}  \N{BLACK DOWN-POINTING SMALL TRIANGLE}")
        names = tr("More tools and views")
        self.more.setAccessibleName(f"{names}: {chosen}" if chosen else names)

    def _place_buttons(self) -> None:
        room = self.width() - self._width(self.more) - self._gap()
        x, has_room = 0, True
        for control in self._controls:
            width = self._width(control)
            has_room = has_room and x + width <= room
            control.setVisible(has_room)
            if has_room:
                inset = step_px(1) if isinstance(control, QFrame) else 0
                control.setGeometry(x, inset, width, self.height() - 2 * inset)
                x += width + self._gap()
        self._hide_last_rule()
        self.more.setGeometry(x, 0, self._width(self.more), self.height())

    def _hide_last_rule(self) -> None:
        shown = [control for control in self._controls if not control.isHidden()]
        if shown and isinstance(shown[-1], QFrame):
            shown[-1].hide()

    def _width(self, control: QWidget) -> int:
        return 1 if isinstance(control, QFrame) else control.sizeHint().width()

    def _gap(self) -> int:
        return step_px(1)

    def _open(self) -> None:
        # Not the menu of the button: that one would run an event loop of its own.
        self._menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _list_hidden(self) -> None:
        for action in self._overflow:
            self._menu.removeAction(action)
        kept = self._menu.actions()
        hidden = self.hidden_actions()
        if hidden and kept:
            self._menu.insertActions(kept[0], hidden)
            hidden.append(self._menu.insertSeparator(kept[0]))
        self._overflow = hidden
