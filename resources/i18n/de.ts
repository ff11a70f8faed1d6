<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en_US">
<context>
    <name>Prelim</name>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source> and at {0} more</source>
        <translation> und bei {0} weiteren</translation>
    </message>
    <message>
        <source> Other planes are empty there.</source>
        <translation> Andere Ebenen sind dort leer.</translation>
    </message>
    <message>
        <source> Other planes are resampled to even steps.</source>
        <translation> Andere Ebenen werden auf gleiche Schritte neu berechnet.</translation>
    </message>
    <message>
        <source> Other planes are sheared back and resampled.</source>
        <translation> Andere Ebenen werden zurückgeschert und neu berechnet.</translation>
    </message>
    <message>
        <source> So it is with {0} files.</source>
        <translation> So ist es bei {0} Dateien.</translation>
    </message>
    <message>
        <source> Their numbers run on, so they may never have been made.</source>
        <translation> Ihre Nummern laufen durch, vielleicht wurden sie nie aufgenommen.</translation>
    </message>
    <message>
        <source>"{0}" cannot be the id of a pack</source>
        <translation>„{0}“ kann keine Kennung eines Pakets sein</translation>
    </message>
    <message>
        <source>"{0}" in the report of a patient registered as {1}.</source>
        <translation>„{0}“ im Befund eines Patienten, der als {1} geführt wird.</translation>
    </message>
    <message>
        <source>"{0}" in: {1}</source>
        <translation>„{0}“ in: {1}</translation>
    </message>
    <message>
        <source>"{0}" is a critical result, and no communication is documented.</source>
        <translation>„{0}“ ist ein kritischer Befund, und keine Mitteilung ist dokumentiert.</translation>
    </message>
    <message>
        <source>"{0}" is in no measurement behind this sentence.</source>
        <translation>„{0}“ steht in keiner Messung hinter diesem Satz.</translation>
    </message>
    <message>
        <source>"{0}" was measured in {1}.</source>
        <translation>„{0}“ wurde in {1} gemessen.</translation>
    </message>
    <message>
        <source>'{0}' has no key now.</source>
        <translation>„{0}“ hat jetzt keine Taste.</translation>
    </message>
    <message>
        <source>'{0}' has the key it came with.</source>
        <translation>„{0}“ hat seine ursprüngliche Taste.</translation>
    </message>
    <message>
        <source>'{0}' is no key; '{1}' goes without it.</source>
        <translation>„{0}“ ist keine Taste; „{1}“ bleibt ohne.</translation>
    </message>
    <message>
        <source>(The rest is not shown: the document is longer than any report.)</source>
        <translation>(Der Rest wird nicht gezeigt: Das Dokument ist länger als jeder Befund.)</translation>
    </message>
    <message>
        <source>1 file has</source>
        <translation>1 Datei hat</translation>
    </message>
    <message>
        <source>1 image before is</source>
        <translation>1 Bild davor fehlt</translation>
    </message>
    <message>
        <source>1 image on a page</source>
        <translation>1 Bild je Seite</translation>
    </message>
    <message>
        <source>1 image repeats</source>
        <translation>1 Bild wiederholt</translation>
    </message>
    <message>
        <source>1 slice</source>
        <translation>1 Schicht</translation>
    </message>
    <message>
        <source>1 slice could not be decoded and is</source>
        <translation>1 Schicht konnte nicht dekodiert werden und wird</translation>
    </message>
    <message>
        <source>12 images on a page</source>
        <translation>12 Bilder je Seite</translation>
    </message>
    <message>
        <source>2 images on a page</source>
        <translation>2 Bilder je Seite</translation>
    </message>
    <message>
        <source>20 images on a page</source>
        <translation>20 Bilder je Seite</translation>
    </message>
    <message>
        <source>3 planes</source>
        <translation>3 Ebenen</translation>
    </message>
    <message>
        <source>3D</source>
        <translation>3D</translation>
    </message>
    <message>
        <source>3D alone</source>
        <translation>Nur 3D</translation>
    </message>
    <message>
        <source>3D view</source>
        <translation>3D-Ansicht</translation>
    </message>
    <message>
        <source>3D: for orientation, not for measuring</source>
        <translation>3D: zur Orientierung, nicht zum Messen</translation>
    </message>
    <message>
        <source>4 images on a page</source>
        <translation>4 Bilder je Seite</translation>
    </message>
    <message>
        <source>6 images on a page</source>
        <translation>6 Bilder je Seite</translation>
    </message>
    <message>
        <source>a CD or a PACS. Nothing is copied and nothing is changed.</source>
        <translation>von einer CD oder aus dem PACS kommen. Nichts wird kopiert, nichts geändert.</translation>
    </message>
    <message>
        <source>a contour of it encloses no area.</source>
        <translation>eine ihrer Konturen umschließt keine Fläche.</translation>
    </message>
    <message>
        <source>A difference needs the same slices: compare by the curtain.</source>
        <translation>Eine Differenz braucht dieselben Schichten: vergleichen Sie mit dem Vorhang.</translation>
    </message>
    <message>
        <source>A display shutter of the maker covers parts; it opens when the marks are hidden.</source>
        <translation>Eine Blende des Herstellers verdeckt Teile; sie öffnet sich, wenn die Markierungen ausgeblendet sind.</translation>
    </message>
    <message>
        <source>A fast turn of the wheel goes further</source>
        <translation>Schnelles Drehen am Rad reicht weiter</translation>
    </message>
    <message>
        <source>A file cannot be opened</source>
        <translation>Eine Datei kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>A file does not read back as it was written</source>
        <translation>Eine Datei liest sich nicht so zurück, wie sie geschrieben wurde</translation>
    </message>
    <message>
        <source>A file holds pixels for {0} images, but describes {1}: what is not described is not shown.</source>
        <translation>Eine Datei enthält Pixel für {0} Bilder, beschreibt aber {1}: Was nicht beschrieben ist, wird nicht gezeigt.</translation>
    </message>
    <message>
        <source>A file is cut: {0} of its {1} images are there and shown.</source>
        <translation>Eine Datei ist abgeschnitten: {0} ihrer {1} Bilder sind da und werden gezeigt.</translation>
    </message>
    <message>
        <source>A file of the archive is damaged</source>
        <translation>Eine Datei des Archivs ist beschädigt</translation>
    </message>
    <message>
        <source>a file of theirs is no longer there</source>
        <translation>eine ihrer Dateien ist nicht mehr da</translation>
    </message>
    <message>
        <source>A file or folder could not be used</source>
        <translation>Eine Datei oder ein Ordner konnte nicht benutzt werden</translation>
    </message>
    <message>
        <source>A finger that rests</source>
        <translation>Ein ruhender Finger</translation>
    </message>
    <message>
        <source>A gray-scale table of the header is not used: {0}.</source>
        <translation>Eine Grautabelle der Kopfdaten wird nicht verwendet: {0}.</translation>
    </message>
    <message>
        <source>A hanging protocol is left out</source>
        <translation>Ein Hängeprotokoll wird ausgelassen</translation>
    </message>
    <message>
        <source>A key image cannot be named</source>
        <translation>Ein Schlüsselbild lässt sich nicht benennen</translation>
    </message>
    <message>
        <source>A key image cannot be read again</source>
        <translation>Ein Schlüsselbild kann nicht noch einmal gelesen werden</translation>
    </message>
    <message>
        <source>a localizer picture has no Hounsfield units</source>
        <translation>ein Lokalisator hat keine Hounsfield-Einheiten</translation>
    </message>
    <message>
        <source>A model made these pixels ({0}, strength {1}): nothing is measured or drafted on them.</source>
        <translation>Ein Modell hat diese Pixel erzeugt ({0}, Stärke {1}): Auf ihnen wird nichts gemessen und kein Entwurf gemacht.</translation>
    </message>
    <message>
        <source>a model or a resampling made its pixels</source>
        <translation>ein Modell oder eine Neuberechnung hat ihre Pixel erzeugt</translation>
    </message>
    <message>
        <source>A model proposes them; they are hatched and never measured</source>
        <translation>Ein Modell schlägt sie vor; sie sind schraffiert und werden nie gemessen</translation>
    </message>
    <message>
        <source>A movie needs two pictures or more</source>
        <translation>Ein Film braucht mindestens zwei Bilder</translation>
    </message>
    <message>
        <source>a newer version of Prelim wrote them</source>
        <translation>eine neuere Fassung von Prelim hat sie geschrieben</translation>
    </message>
    <message>
        <source>a picture holds gray levels, not measured values</source>
        <translation>eine Bilddatei enthält Graustufen, keine Messwerte</translation>
    </message>
    <message>
        <source>A placeholder was left behind: "{0}".</source>
        <translation>Ein Platzhalter ist stehen geblieben: „{0}“.</translation>
    </message>
    <message>
        <source>a point of it is no number.</source>
        <translation>einer ihrer Punkte ist keine Zahl.</translation>
    </message>
    <message>
        <source>A presentation state is about stored images: show those first.</source>
        <translation>Ein Präsentationszustand gilt für gespeicherte Bilder: Zuerst diese anzeigen.</translation>
    </message>
    <message>
        <source>A presentation state is about stored slices: show single acquired slices first.</source>
        <translation>Ein Präsentationszustand gilt für gespeicherte Schichten: Zuerst einzelne Originalschichten anzeigen.</translation>
    </message>
    <message>
        <source>A question of the draft has no answer.</source>
        <translation>Eine Frage des Entwurfs ist unbeantwortet.</translation>
    </message>
    <message>
        <source>A report under this study's UID names another patient: not shown.</source>
        <translation>Ein Befund unter der UID dieser Untersuchung nennt einen anderen Patienten: nicht gezeigt.</translation>
    </message>
    <message>
        <source>a screen capture holds shades of gray, not measured values</source>
        <translation>eine Bildschirmaufnahme enthält Grautöne, keine Messwerte</translation>
    </message>
    <message>
        <source>a sequence inside it holds something that is no item</source>
        <translation>eine Sequenz darin enthält etwas, das kein Element ist</translation>
    </message>
    <message>
        <source>a sequence inside it is cut</source>
        <translation>eine Sequenz darin ist abgeschnitten</translation>
    </message>
    <message>
        <source>a series of its own</source>
        <translation>eine eigene Serie</translation>
    </message>
    <message>
        <source>A series that is enhanced already keeps its pack.</source>
        <translation>Eine Serie, die schon verbessert ist, behält ihr Paket.</translation>
    </message>
    <message>
        <source>A signing identity needs a name</source>
        <translation>Eine Signaturidentität braucht einen Namen</translation>
    </message>
    <message>
        <source>A sphere needs millimeters and positions, and the headers do not give both.</source>
        <translation>Eine Kugel braucht Millimeter und Positionen, und die Kopfdaten geben nicht beides.</translation>
    </message>
    <message>
        <source>A sphere needs slices that lie beside each other.</source>
        <translation>Eine Kugel braucht Schichten, die nebeneinanderliegen.</translation>
    </message>
    <message>
        <source>A stack is shorter than the others ({0}): {1}.</source>
        <translation>Ein Stapel ist kürzer als die anderen ({0}): {1}.</translation>
    </message>
    <message>
        <source>a stored event cannot be read ({0})</source>
        <translation>ein gespeichertes Ereignis ist nicht lesbar ({0})</translation>
    </message>
    <message>
        <source>A window of it is damaged and is not applied.</source>
        <translation>Ein Fenster darin ist beschädigt und wird nicht angewendet.</translation>
    </message>
    <message>
        <source>A window of it is not applied: it is laid over values that this image does not have.</source>
        <translation>Ein Fenster darin wird nicht angewendet: Es gilt für Werte, die dieses Bild nicht hat.</translation>
    </message>
    <message>
        <source>A4</source>
        <translation>A4</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>acc.</source>
        <translation>Auftr.</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Annehmen</translation>
    </message>
    <message>
        <source>accept, edit or reject each open statement</source>
        <translation>jeden offenen Satz annehmen, ändern oder ablehnen</translation>
    </message>
    <message>
        <source>Accept, edit or reject it.</source>
        <translation>Annehmen, ändern oder ablehnen.</translation>
    </message>
    <message>
        <source>Accept: link by this fit</source>
        <translation>Annehmen: über diese Anpassung koppeln</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>angenommen</translation>
    </message>
    <message>
        <source>ADC</source>
        <translation>ADC</translation>
    </message>
    <message>
        <source>Add --anatomy chest, abdomen or neuro</source>
        <translation>Ergänzen Sie --anatomy chest, abdomen oder neuro</translation>
    </message>
    <message>
        <source>Add a key</source>
        <translation>Taste hinzufügen</translation>
    </message>
    <message>
        <source>Add a number to: {0}</source>
        <translation>Zahl hinzufügen zu: {0}</translation>
    </message>
    <message>
        <source>Add a word to: {0}</source>
        <translation>Wort hinzufügen zu: {0}</translation>
    </message>
    <message>
        <source>Add a word, then Enter</source>
        <translation>Wort eingeben, dann Enter</translation>
    </message>
    <message>
        <source>Addendum</source>
        <translation>Nachtrag</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>Hinzufügen …</translation>
    </message>
    <message>
        <source>after</source>
        <translation>nachher</translation>
    </message>
    <message>
        <source>after {0}</source>
        <translation>nachher {0}</translation>
    </message>
    <message>
        <source>age of the prior in days</source>
        <translation>Alter der Voruntersuchung in Tagen</translation>
    </message>
    <message>
        <source>AI-derived: {0}, not for sole diagnosis</source>
        <translation>KI-abgeleitet: {0}, nicht zur alleinigen Diagnose</translation>
    </message>
    <message>
        <source>AIR Recon DL</source>
        <translation>AIR Recon DL</translation>
    </message>
    <message>
        <source>Alikeness {0} before, {1} after (mutual information)</source>
        <translation>Ähnlichkeit {0} vorher, {1} nachher (Transinformation)</translation>
    </message>
    <message>
        <source>All as they came</source>
        <translation>Alle ursprünglich</translation>
    </message>
    <message>
        <source>All commands have the keys they came with.</source>
        <translation>Alle Befehle haben ihre ursprünglichen Tasten.</translation>
    </message>
    <message>
        <source>all its images lie at one place</source>
        <translation>alle Bilder liegen an einem Ort</translation>
    </message>
    <message>
        <source>all its pixels are alike</source>
        <translation>alle ihre Pixel sind gleich</translation>
    </message>
    <message>
        <source>All slices of this series</source>
        <translation>Alle Schichten dieser Serie</translation>
    </message>
    <message>
        <source>All tools</source>
        <translation>Alle Werkzeuge</translation>
    </message>
    <message>
        <source>All viewports as seen</source>
        <translation>Alle Bildfelder wie gesehen</translation>
    </message>
    <message>
        <source>Alt and wheel</source>
        <translation>Alt und Rad</translation>
    </message>
    <message>
        <source>Alt and wheel on the images.</source>
        <translation>Alt und Rad auf den Bildern.</translation>
    </message>
    <message>
        <source>an id holds small letters, digits and hyphens</source>
        <translation>eine Kennung besteht aus Kleinbuchstaben, Ziffern und Bindestrichen</translation>
    </message>
    <message>
        <source>an image</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>An image cannot be named</source>
        <translation>Ein Bild lässt sich nicht benennen</translation>
    </message>
    <message>
        <source>An image cannot be read again</source>
        <translation>Ein Bild kann nicht noch einmal gelesen werden</translation>
    </message>
    <message>
        <source>an image with the same identity was received already (as {0})</source>
        <translation>ein Bild mit derselben Kennung kam schon an (als {0})</translation>
    </message>
    <message>
        <source>an object of known size</source>
        <translation>ein Objekt bekannter Größe</translation>
    </message>
    <message>
        <source>An overlay of its own is not drawn.</source>
        <translation>Ein eigenes Overlay wird nicht gezeichnet.</translation>
    </message>
    <message>
        <source>An overlay that is coded with the pixels is not shown; the values are without it.</source>
        <translation>Ein mit den Pixeln kodiertes Overlay wird nicht gezeigt; die Werte sind ohne es.</translation>
    </message>
    <message>
        <source>an unknown reader</source>
        <translation>einem unbekannten Befunder</translation>
    </message>
    <message>
        <source>an unnamed model</source>
        <translation>ein Modell ohne Namen</translation>
    </message>
    <message>
        <source>And where</source>
        <translation>Und wo</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>und {0} weitere</translation>
    </message>
    <message>
        <source>Angiography</source>
        <translation>Angiographie</translation>
    </message>
    <message>
        <source>Angle</source>
        <translation>Winkel</translation>
    </message>
    <message>
        <source>Anonymous</source>
        <translation>Anonym</translation>
    </message>
    <message>
        <source>another file has the same identity (SOP Instance UID), and a disk may hold only one</source>
        <translation>eine andere Datei hat dieselbe Kennung (SOP Instance UID), und ein Datenträger darf nur eine enthalten</translation>
    </message>
    <message>
        <source>another object</source>
        <translation>ein anderes Objekt</translation>
    </message>
    <message>
        <source>Another volume was asked for</source>
        <translation>Ein anderes Volumen wurde verlangt</translation>
    </message>
    <message>
        <source>any study</source>
        <translation>jede Untersuchung</translation>
    </message>
    <message>
        <source>apparent diffusion</source>
        <translation>apparent diffusion</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>area inside its contours times the distance of the contours</source>
        <translation>Fläche innerhalb der Konturen mal Abstand der Konturen</translation>
    </message>
    <message>
        <source>Area where the change is not noise</source>
        <translation>Fläche, auf der die Änderung kein Rauschen ist</translation>
    </message>
    <message>
        <source>around</source>
        <translation>im Kreis</translation>
    </message>
    <message>
        <source>Arrange a study by its hanging protocol when it opens</source>
        <translation>Eine Untersuchung beim Öffnen nach ihrem Hängeprotokoll anordnen</translation>
    </message>
    <message>
        <source>Arrow</source>
        <translation>Pfeil</translation>
    </message>
    <message>
        <source>Arrows turn, Ctrl+arrows move, Alt+left/right roll. A P L R H F: sides. + - zoom. 1-9 presets, Page up/down shift the colors. B box, , . face, [ ] move it. X cut, C crop, G turntable, S light, T texts, O outside, Home reset, Esc close.</source>
        <translation>Pfeile drehen, Strg+Pfeile verschieben, Alt+Links/Rechts rollt. A P L R H F: Seiten. + - Zoom. 1-9 Vorgaben, Bild auf/ab verschiebt die Farben. B Kasten, , . Fläche, [ ] bewegt sie. X Schnitt, C Zuschnitt, G Drehteller, S Licht, T Texte, O Außen, Pos1 zurück, Esc schließt.</translation>
    </message>
    <message>
        <source>Arterial</source>
        <translation>Arteriell</translation>
    </message>
    <message>
        <source>as acquired</source>
        <translation>wie aufgenommen</translation>
    </message>
    <message>
        <source>As it came</source>
        <translation>Ursprünglich</translation>
    </message>
    <message>
        <source>as recommended</source>
        <translation>wie empfohlen</translation>
    </message>
    <message>
        <source>as stored</source>
        <translation>wie gespeichert</translation>
    </message>
    <message>
        <source>as stored in the file</source>
        <translation>wie in der Datei gespeichert</translation>
    </message>
    <message>
        <source>as stored in the file, with its {0} reversed for reading (right edge {1}, lower edge {2})</source>
        <translation>wie in der Datei gespeichert, zum Lesen umgekehrt: {0} (rechter Rand {1}, unterer Rand {2})</translation>
    </message>
    <message>
        <source>as stored in the file; it does not say how they lie in the patient</source>
        <translation>wie in der Datei gespeichert; sie sagt nicht, wie sie im Patienten liegen</translation>
    </message>
    <message>
        <source>As the computer</source>
        <translation>Wie der Computer</translation>
    </message>
    <message>
        <source>As the model pack says</source>
        <translation>Wie das Modellpaket vorgibt</translation>
    </message>
    <message>
        <source>As they came</source>
        <translation>Ursprüngliche</translation>
    </message>
    <message>
        <source>As wished: {0}</source>
        <translation>Wie gewünscht: {0}</translation>
    </message>
    <message>
        <source>Ask for a number…</source>
        <translation>Zahl verlangen …</translation>
    </message>
    <message>
        <source>Ask for my impression before showing a draft</source>
        <translation>Vor dem Entwurf nach meiner Beurteilung fragen</translation>
    </message>
    <message>
        <source>Ask for {0}</source>
        <translation>Verlangen Sie {0}</translation>
    </message>
    <message>
        <source>ask whoever owns the folder, or copy the study to one of yours</source>
        <translation>fragen Sie, wem der Ordner gehört, oder kopieren Sie die Untersuchung in einen eigenen</translation>
    </message>
    <message>
        <source>At 200 % half the way of the hand does the same.</source>
        <translation>Bei 200 % bewirkt der halbe Weg der Hand dasselbe.</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Auto, narrow</source>
        <translation>Auto, eng</translation>
    </message>
    <message>
        <source>Auto, wide</source>
        <translation>Auto, weit</translation>
    </message>
    <message>
        <source>AV1, for browsers</source>
        <translation>AV1, für Browser</translation>
    </message>
    <message>
        <source>averaged they are exactly what was scanned</source>
        <translation>gemittelt genau das Aufgenommene</translation>
    </message>
    <message>
        <source>averaged they are what was scanned, to {0}</source>
        <translation>gemittelt das Aufgenommene, bis auf {0}</translation>
    </message>
    <message>
        <source>Averaged: largest deviation from what was scanned</source>
        <translation>Gemittelt: größte Abweichung vom Aufgenommenen</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>axial</source>
        <translation>axial</translation>
    </message>
    <message>
        <source>Axial MIP</source>
        <translation>MIP axial</translation>
    </message>
    <message>
        <source>Axial {0} of {1}</source>
        <translation>Axial {0}/{1}</translation>
    </message>
    <message>
        <source>b 0</source>
        <translation>b 0</translation>
    </message>
    <message>
        <source>b-value</source>
        <translation>b-Wert</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Hinten</translation>
    </message>
    <message>
        <source>Back button</source>
        <translation>Zurück-Taste</translation>
    </message>
    <message>
        <source>Back button on the images.</source>
        <translation>Zurück-Taste auf den Bildern.</translation>
    </message>
    <message>
        <source>Back to the stored look</source>
        <translation>Zurück zum gespeicherten Aussehen</translation>
    </message>
    <message>
        <source>before</source>
        <translation>vorher</translation>
    </message>
    <message>
        <source>before {0}</source>
        <translation>vorher {0}</translation>
    </message>
    <message>
        <source>Begin with</source>
        <translation>Beginnen mit</translation>
    </message>
    <message>
        <source>Begin with the mouse of</source>
        <translation>Beginnen mit der Maus von</translation>
    </message>
    <message>
        <source>beside {0}</source>
        <translation>neben {0}</translation>
    </message>
    <message>
        <source>Between slices</source>
        <translation>Zwischen Schichten</translation>
    </message>
    <message>
        <source>binary</source>
        <translation>binär</translation>
    </message>
    <message>
        <source>black where nothing was scanned</source>
        <translation>schwarz, wo nichts aufgenommen wurde</translation>
    </message>
    <message>
        <source>block</source>
        <translation>Hindernis</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>blocks</source>
        <translation>Hindernisse</translation>
    </message>
    <message>
        <source>Blocks signing</source>
        <translation>Verhindert das Signieren</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>body part</source>
        <translation>Körperteil</translation>
    </message>
    <message>
        <source>body part or description</source>
        <translation>Körperteil oder Beschreibung</translation>
    </message>
    <message>
        <source>body surface area</source>
        <translation>Körperoberfläche</translation>
    </message>
    <message>
        <source>Bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>Bone, axial</source>
        <translation>Knochen, axial</translation>
    </message>
    <message>
        <source>Bone, coronal</source>
        <translation>Knochen, koronal</translation>
    </message>
    <message>
        <source>Bone, sagittal</source>
        <translation>Knochen, sagittal</translation>
    </message>
    <message>
        <source>both series are the same, or show no body</source>
        <translation>beide Serien sind gleich oder zeigen keinen Körper</translation>
    </message>
    <message>
        <source>both series have one frame of reference, so their places match already</source>
        <translation>beide Serien haben ein Bezugssystem, ihre Orte stimmen also schon überein</translation>
    </message>
    <message>
        <source>Both series in squares, by turns: edges must run on across them</source>
        <translation>Beide Serien im Wechsel der Quadrate: Kanten müssen durchlaufen</translation>
    </message>
    <message>
        <source>both sides</source>
        <translation>beide Seiten</translation>
    </message>
    <message>
        <source>Bq/ml</source>
        <translation>Bq/ml</translation>
    </message>
    <message>
        <source>Brain</source>
        <translation>Gehirn</translation>
    </message>
    <message>
        <source>Brain, coronal</source>
        <translation>Gehirn, koronal</translation>
    </message>
    <message>
        <source>Brain, sagittal</source>
        <translation>Gehirn, sagittal</translation>
    </message>
    <message>
        <source>Burned-in text</source>
        <translation>Eingebrannter Text</translation>
    </message>
    <message>
        <source>Buttons and lists are at least 40 pixels high, for touch screens.</source>
        <translation>Knöpfe und Listen sind mindestens 40 Pixel hoch, für Touchscreens.</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Von Hand</translation>
    </message>
    <message>
        <source>by registration, which is an estimate</source>
        <translation>über Registrierung, die eine Schätzung ist</translation>
    </message>
    <message>
        <source>By the header the numbers{0}{1} are {2}.</source>
        <translation>Nach den Kopfdaten sind die Zahlen{0}{1} {2}.</translation>
    </message>
    <message>
        <source>by the scanner's table</source>
        <translation>nach der Tabelle des Geräts</translation>
    </message>
    <message>
        <source>By value</source>
        <translation>Nach Wert</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>Cannot tell</source>
        <translation>Nicht zu sagen</translation>
    </message>
    <message>
        <source>Cells of the protocol</source>
        <translation>Felder des Protokolls</translation>
    </message>
    <message>
        <source>Change a report with prelim review or in the window</source>
        <translation>Ändern Sie einen Befund mit prelim review oder im Fenster</translation>
    </message>
    <message>
        <source>Change that follows edges</source>
        <translation>Änderung, die Kanten folgt</translation>
    </message>
    <message>
        <source>Changed by you</source>
        <translation>Von Ihnen geändert</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Check its name</source>
        <translation>Prüfen Sie den Namen</translation>
    </message>
    <message>
        <source>Check that one is the low-dose series of the other</source>
        <translation>Prüfen Sie, ob die eine die Niedrigdosis-Serie der anderen ist</translation>
    </message>
    <message>
        <source>Check the disk, the free space and your permission, then try again</source>
        <translation>Prüfen Sie Datenträger, freien Platz und Ihre Rechte und versuchen Sie es wieder</translation>
    </message>
    <message>
        <source>Check the disk, then try again</source>
        <translation>Prüfen Sie den Datenträger und versuchen Sie es wieder</translation>
    </message>
    <message>
        <source>Check the folder keys and its permissions</source>
        <translation>Prüfen Sie den Ordner keys und seine Rechte</translation>
    </message>
    <message>
        <source>check the name, and that the disk or network folder is connected</source>
        <translation>prüfen Sie den Namen und ob Datenträger oder Netzordner verbunden sind</translation>
    </message>
    <message>
        <source>Check the number against the images; nothing measured says it.</source>
        <translation>Zahl an den Bildern prüfen; keine Messung sagt sie.</translation>
    </message>
    <message>
        <source>Check the number, or write the sentence without it.</source>
        <translation>Zahl prüfen oder den Satz ohne sie schreiben.</translation>
    </message>
    <message>
        <source>Check the place and its rights</source>
        <translation>Prüfen Sie den Ort und seine Rechte</translation>
    </message>
    <message>
        <source>Check the printer, or write a PDF</source>
        <translation>Prüfen Sie den Drucker oder schreiben Sie ein PDF</translation>
    </message>
    <message>
        <source>Check the report</source>
        <translation>Befund prüfen</translation>
    </message>
    <message>
        <source>Checking the report</source>
        <translation>Befund wird geprüft</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Wird geprüft …</translation>
    </message>
    <message>
        <source>Choose a command in the list first.</source>
        <translation>Zuerst einen Befehl in der Liste wählen.</translation>
    </message>
    <message>
        <source>Choose a folder first</source>
        <translation>Zuerst einen Ordner wählen</translation>
    </message>
    <message>
        <source>Choose a folder that you may write to, with room on its disk</source>
        <translation>Wählen Sie einen Ordner mit Schreibrecht und freiem Platz</translation>
    </message>
    <message>
        <source>Choose a layout…</source>
        <translation>Layout wählen …</translation>
    </message>
    <message>
        <source>Choose a longer one</source>
        <translation>Wählen Sie eine längere</translation>
    </message>
    <message>
        <source>Choose a longer one; a few words with spaces are good</source>
        <translation>Wählen Sie eine längere; einige Wörter mit Leerzeichen sind gut</translation>
    </message>
    <message>
        <source>choose a meaning that fits</source>
        <translation>eine passende Bedeutung wählen</translation>
    </message>
    <message>
        <source>Choose a series first</source>
        <translation>Zuerst eine Serie wählen</translation>
    </message>
    <message>
        <source>Choose a series or a model pack of the other kind; prelim models list shows the packs</source>
        <translation>Wählen Sie eine Serie oder ein Modellpaket der anderen Art; prelim models list zeigt die Pakete</translation>
    </message>
    <message>
        <source>Choose a window first</source>
        <translation>Zuerst ein Fenster wählen</translation>
    </message>
    <message>
        <source>Choose another folder</source>
        <translation>Wählen Sie einen anderen Ordner</translation>
    </message>
    <message>
        <source>Choose another id, or remove that pack first</source>
        <translation>Wählen Sie eine andere Kennung, oder entfernen Sie zuerst jenes Paket</translation>
    </message>
    <message>
        <source>Choose another place</source>
        <translation>Wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>choose another series of the study</source>
        <translation>eine andere Serie der Untersuchung wählen</translation>
    </message>
    <message>
        <source>Choose another {0}</source>
        <translation>Wählen Sie einen anderen Ort ({0})</translation>
    </message>
    <message>
        <source>Choose AV1, or install ffmpeg</source>
        <translation>Wählen Sie AV1 oder installieren Sie ffmpeg</translation>
    </message>
    <message>
        <source>Choose AV1, which needs no other program</source>
        <translation>Wählen Sie AV1, das kein anderes Programm braucht</translation>
    </message>
    <message>
        <source>Choose fewer images on a page or larger paper, or print them fitted</source>
        <translation>Wählen Sie weniger Bilder je Seite oder größeres Papier, oder drucken Sie eingepasst</translation>
    </message>
    <message>
        <source>Choose from {0}</source>
        <translation>Auswahl: {0}</translation>
    </message>
    <message>
        <source>Choose one under Studies.</source>
        <translation>Unter Untersuchungen eine auswählen.</translation>
    </message>
    <message>
        <source>Choose pictures as seen</source>
        <translation>Bilder wie gesehen wählen</translation>
    </message>
    <message>
        <source>Choose pictures as seen, which are hatched, or the series that was scanned</source>
        <translation>Bilder wie gesehen wählen, die schraffiert sind, oder die aufgenommene Serie</translation>
    </message>
    <message>
        <source>Choose PNG or TIFF</source>
        <translation>PNG oder TIFF wählen</translation>
    </message>
    <message>
        <source>Choose slices that are there</source>
        <translation>Vorhandene Schichten wählen</translation>
    </message>
    <message>
        <source>Choose slices that carry the same notices, or export pictures</source>
        <translation>Wählen Sie Schichten mit denselben Hinweisen oder exportieren Sie Bilder</translation>
    </message>
    <message>
        <source>Choose slices to print</source>
        <translation>Zum Drucken Schichten wählen</translation>
    </message>
    <message>
        <source>choose the folder that holds the CT or MR images, or copy the study again</source>
        <translation>den Ordner mit den CT- oder MR-Bildern wählen oder die Untersuchung noch einmal kopieren</translation>
    </message>
    <message>
        <source>choose the folder that holds the DICOM files of the study</source>
        <translation>den Ordner mit den DICOM-Dateien der Untersuchung wählen</translation>
    </message>
    <message>
        <source>choose two series of one patient</source>
        <translation>zwei Serien eines Patienten wählen</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Auswählen …</translation>
    </message>
    <message>
        <source>Chosen mark</source>
        <translation>Gewählte Markierung</translation>
    </message>
    <message>
        <source>Cine</source>
        <translation>Cine</translation>
    </message>
    <message>
        <source>Cine goes around.</source>
        <translation>Cine läuft im Kreis.</translation>
    </message>
    <message>
        <source>Cine goes to and fro.</source>
        <translation>Cine läuft hin und her.</translation>
    </message>
    <message>
        <source>Cine {0} per second, {1} reached, {2}</source>
        <translation>Cine {0} pro Sekunde, {1} erreicht, {2}</translation>
    </message>
    <message>
        <source>Cine: faster</source>
        <translation>Cine: schneller</translation>
    </message>
    <message>
        <source>Cine: slower</source>
        <translation>Cine: langsamer</translation>
    </message>
    <message>
        <source>Cine: to and fro, or around</source>
        <translation>Cine: hin und her oder im Kreis</translation>
    </message>
    <message>
        <source>Cine: {0} pictures per second.</source>
        <translation>Cine: {0} Bilder pro Sekunde.</translation>
    </message>
    <message>
        <source>Click points along the vessel or duct; scroll between them. Enter ends.</source>
        <translation>Punkte entlang des Gefäßes oder Gangs anklicken, dazwischen blättern. Enter beendet.</translation>
    </message>
    <message>
        <source>Clip box</source>
        <translation>Schnittkasten</translation>
    </message>
    <message>
        <source>Clipped by a box</source>
        <translation>Durch einen Kasten begrenzt</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>Close other programs or open a smaller series, then try again</source>
        <translation>Schließen Sie andere Programme oder öffnen Sie eine kleinere Serie und versuchen Sie es wieder</translation>
    </message>
    <message>
        <source>close other programs or show fewer series side by side, then open it again</source>
        <translation>andere Programme schließen oder weniger Serien nebeneinander zeigen, dann wieder öffnen</translation>
    </message>
    <message>
        <source>Close other programs that use the file, then try again</source>
        <translation>Schließen Sie andere Programme, die die Datei benutzen, und versuchen Sie es wieder</translation>
    </message>
    <message>
        <source>Close other studies or programs and try again</source>
        <translation>Schließen Sie andere Untersuchungen oder Programme und versuchen Sie es wieder</translation>
    </message>
    <message>
        <source>Close other studies, or double fewer voxels: a factor of two, or slices instead of pixels</source>
        <translation>Schließen Sie andere Untersuchungen oder verdoppeln Sie weniger: einen Faktor zwei, oder Schichten statt Bildpunkte</translation>
    </message>
    <message>
        <source>Close the 3D view</source>
        <translation>3D-Ansicht schließen</translation>
    </message>
    <message>
        <source>Close the list</source>
        <translation>Liste schließen</translation>
    </message>
    <message>
        <source>Close this viewport</source>
        <translation>Dieses Bildfeld schließen</translation>
    </message>
    <message>
        <source>Coarse until all voxels are prepared</source>
        <translation>Grob, bis alle Voxel vorbereitet sind</translation>
    </message>
    <message>
        <source>Coarse while the view changes</source>
        <translation>Grob, solange sich die Ansicht ändert</translation>
    </message>
    <message>
        <source>Cobb angle</source>
        <translation>Cobb-Winkel</translation>
    </message>
    <message>
        <source>color</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>Color and opacity of the chosen region</source>
        <translation>Farbe und Deckkraft der gewählten Region</translation>
    </message>
    <message>
        <source>Color images cannot be laid over each other.</source>
        <translation>Farbbilder lassen sich nicht überlagern.</translation>
    </message>
    <message>
        <source>color images hold 8 bits</source>
        <translation>Farbbilder haben 8 Bit</translation>
    </message>
    <message>
        <source>Color of the region</source>
        <translation>Farbe der Region</translation>
    </message>
    <message>
        <source>colors</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>colors are not interpolated</source>
        <translation>Farben werden nicht interpoliert</translation>
    </message>
    <message>
        <source>colors have no largest or smallest value</source>
        <translation>Farben haben keinen größten oder kleinsten Wert</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>Compare with a prior</source>
        <translation>Mit Voruntersuchung vergleichen</translation>
    </message>
    <message>
        <source>Compare with the original</source>
        <translation>Mit dem Original vergleichen</translation>
    </message>
    <message>
        <source>Compare with this prior</source>
        <translation>Mit dieser Voruntersuchung vergleichen</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>computed by {0}</source>
        <translation>berechnet mit {0}</translation>
    </message>
    <message>
        <source>concentrations in mg/ml</source>
        <translation>Konzentrationen in mg/ml</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>confidence</source>
        <translation>Sicherheit</translation>
    </message>
    <message>
        <source>contrast agent</source>
        <translation>Kontrastmittel</translation>
    </message>
    <message>
        <source>Controls of the 3D view</source>
        <translation>Bedienung der 3D-Ansicht</translation>
    </message>
    <message>
        <source>Copied, without names</source>
        <translation>Kopiert, ohne Namen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy all of this as text; no name, number or file of the patient</source>
        <translation>Alles als Text kopieren; ohne Name, Nummer oder Datei des Patienten</translation>
    </message>
    <message>
        <source>Copy image</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>copy it again from its source</source>
        <translation>noch einmal von der Quelle kopieren</translation>
    </message>
    <message>
        <source>Copy the mark to the next slice</source>
        <translation>Markierung auf die nächste Schicht kopieren</translation>
    </message>
    <message>
        <source>Copy the mark to the slice before</source>
        <translation>Markierung auf die vorige Schicht kopieren</translation>
    </message>
    <message>
        <source>Copy the names</source>
        <translation>Namen kopieren</translation>
    </message>
    <message>
        <source>Copy the study again from its source</source>
        <translation>Kopieren Sie die Untersuchung erneut von ihrer Quelle</translation>
    </message>
    <message>
        <source>copy the study again from its source</source>
        <translation>die Untersuchung noch einmal von der Quelle kopieren</translation>
    </message>
    <message>
        <source>Corner texts</source>
        <translation>Bildtexte</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronal</translation>
    </message>
    <message>
        <source>coronal</source>
        <translation>koronal</translation>
    </message>
    <message>
        <source>Coronal MIP</source>
        <translation>MIP koronal</translation>
    </message>
    <message>
        <source>Coronal {0} of {1}</source>
        <translation>Koronal {0}/{1}</translation>
    </message>
    <message>
        <source>Crop to regions</source>
        <translation>Auf Regionen zuschneiden</translation>
    </message>
    <message>
        <source>Crosshair</source>
        <translation>Fadenkreuz</translation>
    </message>
    <message>
        <source>CT</source>
        <translation>CT</translation>
    </message>
    <message>
        <source>CT abdomen and pelvis</source>
        <translation>CT Abdomen und Becken</translation>
    </message>
    <message>
        <source>CT abdomen in phases</source>
        <translation>CT Abdomen in Phasen</translation>
    </message>
    <message>
        <source>CT airways</source>
        <translation>CT Atemwege</translation>
    </message>
    <message>
        <source>CT angiography: planes and MIP</source>
        <translation>CT-Angiographie: Ebenen und MIP</translation>
    </message>
    <message>
        <source>CT bone</source>
        <translation>CT Knochen</translation>
    </message>
    <message>
        <source>CT chest with the prior</source>
        <translation>CT Thorax mit Voruntersuchung</translation>
    </message>
    <message>
        <source>CT chest: lung and mediastinum</source>
        <translation>CT Thorax: Lunge und Mediastinum</translation>
    </message>
    <message>
        <source>CT head: brain, stroke, bone</source>
        <translation>CT Schädel: Gehirn, Schlaganfall, Knochen</translation>
    </message>
    <message>
        <source>CT head: three planes</source>
        <translation>CT Schädel: drei Ebenen</translation>
    </message>
    <message>
        <source>CT lung</source>
        <translation>CT Lunge</translation>
    </message>
    <message>
        <source>CT MinIP</source>
        <translation>CT MinIP</translation>
    </message>
    <message>
        <source>CT MIP</source>
        <translation>CT MIP</translation>
    </message>
    <message>
        <source>CT neck</source>
        <translation>CT Hals</translation>
    </message>
    <message>
        <source>CT skin</source>
        <translation>CT Haut</translation>
    </message>
    <message>
        <source>CT soft tissue</source>
        <translation>CT Weichteile</translation>
    </message>
    <message>
        <source>CT spine</source>
        <translation>CT Wirbelsäule</translation>
    </message>
    <message>
        <source>CT trauma, whole body</source>
        <translation>CT Trauma, Ganzkörper</translation>
    </message>
    <message>
        <source>CT vessels (contrast)</source>
        <translation>CT Gefäße (Kontrastmittel)</translation>
    </message>
    <message>
        <source>Ctrl and wheel</source>
        <translation>Strg und Rad</translation>
    </message>
    <message>
        <source>Ctrl and wheel on the images.</source>
        <translation>Strg und Rad auf den Bildern.</translation>
    </message>
    <message>
        <source>Curtain to the left</source>
        <translation>Vorhang nach links</translation>
    </message>
    <message>
        <source>Curtain to the right</source>
        <translation>Vorhang nach rechts</translation>
    </message>
    <message>
        <source>Curtain: original left, enhanced right</source>
        <translation>Vorhang: Original links, verbessert rechts</translation>
    </message>
    <message>
        <source>curvature flow</source>
        <translation>Krümmungsfluss</translation>
    </message>
    <message>
        <source>CURVED</source>
        <translation>GEKRÜMMT</translation>
    </message>
    <message>
        <source>Curved: straighten along a drawn line</source>
        <translation>Gekrümmt: entlang einer gezeichneten Linie strecken</translation>
    </message>
    <message>
        <source>Cut at the crosshair</source>
        <translation>Am Fadenkreuz schneiden</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Dark for reading rooms, light for offices.</source>
        <translation>Dunkel für den Befundraum, hell fürs Büro.</translation>
    </message>
    <message>
        <source>Dark or light</source>
        <translation>Dunkel oder hell</translation>
    </message>
    <message>
        <source>Date not known</source>
        <translation>Datum unbekannt</translation>
    </message>
    <message>
        <source>decoding a slice failed by a fault of ours</source>
        <translation>das Dekodieren einer Schicht scheiterte an einem Fehler von uns</translation>
    </message>
    <message>
        <source>deep learning</source>
        <translation>tiefes Lernen</translation>
    </message>
    <message>
        <source>Deep Resolve</source>
        <translation>Deep Resolve</translation>
    </message>
    <message>
        <source>Deep Resolve Boost</source>
        <translation>Deep Resolve Boost</translation>
    </message>
    <message>
        <source>Deep Resolve Gain</source>
        <translation>Deep Resolve Gain</translation>
    </message>
    <message>
        <source>Deep Resolve Sharp</source>
        <translation>Deep Resolve Sharp</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Delete the mark</source>
        <translation>Markierung löschen</translation>
    </message>
    <message>
        <source>Deutsch</source>
        <translation>Deutsch</translation>
    </message>
    <message>
        <source>Diameters</source>
        <translation>Durchmesser</translation>
    </message>
    <message>
        <source>DICOM folder or disc image</source>
        <translation>DICOM-Ordner oder Disc-Abbild</translation>
    </message>
    <message>
        <source>DICOM structured report, for a PACS</source>
        <translation>Strukturierter DICOM-Bericht, für ein PACS</translation>
    </message>
    <message>
        <source>DIFFERENCE</source>
        <translation>DIFFERENZ</translation>
    </message>
    <message>
        <source>Discard the fit</source>
        <translation>Anpassung verwerfen</translation>
    </message>
    <message>
        <source>distances are right along the line and straight across it only</source>
        <translation>Abstände stimmen nur entlang der Linie und quer zu ihr</translation>
    </message>
    <message>
        <source>Divider between viewports</source>
        <translation>Trennlinie zwischen Bildfeldern</translation>
    </message>
    <message>
        <source>document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>documents</source>
        <translation>Dokumente</translation>
    </message>
    <message>
        <source>does not fit this study</source>
        <translation>passt nicht zu dieser Untersuchung</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>Done: {0}.</source>
        <translation>Fertig: {0}.</translation>
    </message>
    <message>
        <source>Double click</source>
        <translation>Doppelklick</translation>
    </message>
    <message>
        <source>Double click on the images.</source>
        <translation>Doppelklick auf den Bildern.</translation>
    </message>
    <message>
        <source>DOUBT</source>
        <translation>ZWEIFEL</translation>
    </message>
    <message>
        <source>Doubt</source>
        <translation>Zweifel</translation>
    </message>
    <message>
        <source>doubt</source>
        <translation>Zweifel</translation>
    </message>
    <message>
        <source>doubts</source>
        <translation>Zweifel</translation>
    </message>
    <message>
        <source>Down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Draft the report</source>
        <translation>Befund entwerfen</translation>
    </message>
    <message>
        <source>Draft the report as soon as a study is open</source>
        <translation>Befund entwerfen, sobald eine Untersuchung offen ist</translation>
    </message>
    <message>
        <source>Drafting the report</source>
        <translation>Befund wird entworfen</translation>
    </message>
    <message>
        <source>Draw a rectangle over the damaged part of a slice and choose it, then again.</source>
        <translation>Ein Rechteck über den beschädigten Teil einer Schicht zeichnen und auswählen, dann noch einmal.</translation>
    </message>
    <message>
        <source>Draw the curtain first.</source>
        <translation>Ziehen Sie zuerst den Vorhang auf.</translation>
    </message>
    <message>
        <source>Drawing the pages</source>
        <translation>Seiten werden gezeichnet</translation>
    </message>
    <message>
        <source>Drawings of the maker are shown with the marks; they may hold a name.</source>
        <translation>Zeichnungen des Herstellers werden mit den Markierungen gezeigt; sie enthalten vielleicht einen Namen.</translation>
    </message>
    <message>
        <source>Drawn by presentation state {0}</source>
        <translation>Gezeichnet vom Präsentationszustand {0}</translation>
    </message>
    <message>
        <source>Drawn by the graphics card</source>
        <translation>Von der Grafikkarte gezeichnet</translation>
    </message>
    <message>
        <source>Drawn by the processor</source>
        <translation>Vom Prozessor gezeichnet</translation>
    </message>
    <message>
        <source>Drawn overlays of the maker are shown; they hide with the marks.</source>
        <translation>Gezeichnete Overlays des Herstellers werden gezeigt; sie verschwinden mit den Markierungen.</translation>
    </message>
    <message>
        <source>Drop a study here</source>
        <translation>Untersuchung hier ablegen</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>DWI</source>
        <translation>DWI</translation>
    </message>
    <message>
        <source>Dynamic</source>
        <translation>Dynamik</translation>
    </message>
    <message>
        <source>Each image looks from a direction of its own, so there are no reformats, no linked views and no orientation letters.</source>
        <translation>Jedes Bild blickt aus einer eigenen Richtung, daher keine Reformatierung, keine Kopplung und keine Richtungsbuchstaben.</translation>
    </message>
    <message>
        <source>each of its voxels holds several numbers (a vector field), which is not an image</source>
        <translation>jedes ihrer Voxel enthält mehrere Zahlen (ein Vektorfeld), das ist kein Bild</translation>
    </message>
    <message>
        <source>Earlier reports of this patient that were signed on this machine stand here, newest first. They are found by the patient's ID.</source>
        <translation>Frühere Befunde dieses Patienten, die auf diesem Rechner signiert wurden, stehen hier, die neuesten zuerst. Sie werden über die Patienten-ID gefunden.</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>effective atomic numbers</source>
        <translation>effektive Ordnungszahlen</translation>
    </message>
    <message>
        <source>electron densities</source>
        <translation>Elektronendichten</translation>
    </message>
    <message>
        <source>electron densities relative to water</source>
        <translation>Elektronendichten relativ zu Wasser</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>Ellipse</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>Empty means that you are asked each time.</source>
        <translation>Leer bedeutet, dass jedes Mal gefragt wird.</translation>
    </message>
    <message>
        <source>Empty means the folder 'signed' beside the library.</source>
        <translation>Leer bedeutet den Ordner „signed“ neben der Bibliothek.</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Enhance a series of CT or MR images</source>
        <translation>Verbessern Sie eine Serie von CT- oder MR-Bildern</translation>
    </message>
    <message>
        <source>Enhance a series with E: noise and bias before and after stand here.</source>
        <translation>Verbessern Sie eine Serie mit E: Rauschen und Verschiebung vorher und nachher stehen dann hier.</translation>
    </message>
    <message>
        <source>Enhance in the background where the hanging protocol asks for it</source>
        <translation>Im Hintergrund verbessern, wo das Hängeprotokoll es verlangt</translation>
    </message>
    <message>
        <source>Enhance the original series it was made from</source>
        <translation>Verbessern Sie die Originalserie, aus der sie gemacht wurde</translation>
    </message>
    <message>
        <source>Enhance the original series: this one was made of it.</source>
        <translation>Verbessern Sie die ursprüngliche Serie: aus ihr wurde diese berechnet.</translation>
    </message>
    <message>
        <source>Enhance the series chosen in the list</source>
        <translation>Die in der Liste gewählte Serie verbessern</translation>
    </message>
    <message>
        <source>Enhance the series first: then it can be compared with the original.</source>
        <translation>Verbessern Sie zuerst die Serie: dann lässt sie sich mit dem Original vergleichen.</translation>
    </message>
    <message>
        <source>Enhance the slices it was made from</source>
        <translation>Verbessern Sie die Schichten, aus denen sie gemacht wurde</translation>
    </message>
    <message>
        <source>Enhance: finer pixels</source>
        <translation>Verbessern: feinere Bildpunkte</translation>
    </message>
    <message>
        <source>Enhance: less noise</source>
        <translation>Verbessern: weniger Rauschen</translation>
    </message>
    <message>
        <source>Enhance: slices four times thinner</source>
        <translation>Verbessern: viermal dünnere Schichten</translation>
    </message>
    <message>
        <source>Enhance: thinner slices</source>
        <translation>Verbessern: dünnere Schichten</translation>
    </message>
    <message>
        <source>ENHANCED</source>
        <translation>VERBESSERT</translation>
    </message>
    <message>
        <source>Enhanced</source>
        <translation>Verbessert</translation>
    </message>
    <message>
        <source>enhanced</source>
        <translation>verbessert</translation>
    </message>
    <message>
        <source>Enhancement</source>
        <translation>Verbesserung</translation>
    </message>
    <message>
        <source>Enhancement wished for</source>
        <translation>Gewünschte Verbesserung</translation>
    </message>
    <message>
        <source>Enhancing</source>
        <translation>Verbesserung läuft</translation>
    </message>
    <message>
        <source>Enhancing in the background: {0}</source>
        <translation>Wird im Hintergrund verbessert: {0}</translation>
    </message>
    <message>
        <source>Enter shows the evidence of a sentence. After that A accepts, E edits, Backspace rejects.</source>
        <translation>Enter zeigt den Beleg eines Satzes. Danach nimmt A an, E ändert, die Rücktaste lehnt ab.</translation>
    </message>
    <message>
        <source>Enter shows the images this way. Nothing of it was measured here.</source>
        <translation>Enter zeigt die Bilder so. Nichts davon wurde hier gemessen.</translation>
    </message>
    <message>
        <source>Every file goes as it was received, with the patient's name in it, and an index that any DICOM viewer reads.</source>
        <translation>Jede Datei geht so hinaus, wie sie kam, mit dem Namen des Patienten, dazu ein Index, den jeder DICOM-Betrachter liest.</translation>
    </message>
    <message>
        <source>Every screen has its viewports already.</source>
        <translation>Jeder Schirm hat schon seine Bildfelder.</translation>
    </message>
    <message>
        <source>every {0} mm</source>
        <translation>alle {0} mm</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Evidence seen: {0} of {1}</source>
        <translation>Belege gesehen: {0} von {1}</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export a hanging protocol</source>
        <translation>Hängeprotokoll exportieren</translation>
    </message>
    <message>
        <source>Export a picture instead</source>
        <translation>Exportieren Sie stattdessen ein Bild</translation>
    </message>
    <message>
        <source>Export movie…</source>
        <translation>Film exportieren …</translation>
    </message>
    <message>
        <source>Export pictures…</source>
        <translation>Bilder exportieren …</translation>
    </message>
    <message>
        <source>Export the picture instead</source>
        <translation>Exportieren Sie stattdessen das Bild</translation>
    </message>
    <message>
        <source>Export the picture, or save measurements as SR</source>
        <translation>Exportieren Sie das Bild oder speichern Sie die Messungen als SR</translation>
    </message>
    <message>
        <source>Export the report…</source>
        <translation>Befund exportieren …</translation>
    </message>
    <message>
        <source>Exporting the report</source>
        <translation>Befund wird exportiert</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>FA</source>
        <translation>FA</translation>
    </message>
    <message>
        <source>FA in color</source>
        <translation>FA in Farbe</translation>
    </message>
    <message>
        <source>Face of the clip box: {0}, millimeters</source>
        <translation>Fläche des Schnittkastens: {0}, Millimeter</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>fat</source>
        <translation>Fett</translation>
    </message>
    <message>
        <source>Feet</source>
        <translation>Füße</translation>
    </message>
    <message>
        <source>feet first, left side down</source>
        <translation>Füße voran, Linksseitenlage</translation>
    </message>
    <message>
        <source>feet first, prone</source>
        <translation>Füße voran, Bauchlage</translation>
    </message>
    <message>
        <source>feet first, right side down</source>
        <translation>Füße voran, Rechtsseitenlage</translation>
    </message>
    <message>
        <source>feet first, supine</source>
        <translation>Füße voran, Rückenlage</translation>
    </message>
    <message>
        <source>ffmpeg, a program of this machine, failed</source>
        <translation>ffmpeg, ein Programm dieses Rechners, ist gescheitert</translation>
    </message>
    <message>
        <source>FHIR bundle, for a records system</source>
        <translation>FHIR-Bündel, für ein Aktensystem</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>file</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>file belongs to no series</source>
        <translation>Datei gehört zu keiner Serie</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>Datei ist schon vorhanden</translation>
    </message>
    <message>
        <source>file is</source>
        <translation>Datei ist</translation>
    </message>
    <message>
        <source>file is listed by the index of the disk and is not there</source>
        <translation>Datei steht im Index des Datenträgers und ist nicht da</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>files are</source>
        <translation>Dateien sind</translation>
    </message>
    <message>
        <source>files are listed by the index of the disk and are not there</source>
        <translation>Dateien stehen im Index des Datenträgers und sind nicht da</translation>
    </message>
    <message>
        <source>files belong to no series</source>
        <translation>Dateien gehören zu keiner Serie</translation>
    </message>
    <message>
        <source>Files, folders or zip archives with CT or MR images, as they come from a scanner,</source>
        <translation>Dateien, Ordner oder ZIP-Archive mit CT- oder MR-Bildern, wie sie vom Gerät,</translation>
    </message>
    <message>
        <source>Fill it in or take it out.</source>
        <translation>Ausfüllen oder herausnehmen.</translation>
    </message>
    <message>
        <source>Fill the viewports with the series</source>
        <translation>Bildfelder mit den Serien füllen</translation>
    </message>
    <message>
        <source>FILLED</source>
        <translation>ERGÄNZT</translation>
    </message>
    <message>
        <source>Final report</source>
        <translation>Endgültiger Befund</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>finer pixels</source>
        <translation>feinere Bildpunkte</translation>
    </message>
    <message>
        <source>First run is done</source>
        <translation>Erster Start ist erledigt</translation>
    </message>
    <message>
        <source>First slice</source>
        <translation>Erste Schicht</translation>
    </message>
    <message>
        <source>first slice</source>
        <translation>erste Schicht</translation>
    </message>
    <message>
        <source>fit the series that was scanned</source>
        <translation>die aufgenommene Serie anpassen</translation>
    </message>
    <message>
        <source>Fit the two series on show</source>
        <translation>Die beiden gezeigten Serien anpassen</translation>
    </message>
    <message>
        <source>Fit to the viewport</source>
        <translation>In das Bildfeld einpassen</translation>
    </message>
    <message>
        <source>Fit two series</source>
        <translation>Zwei Serien anpassen</translation>
    </message>
    <message>
        <source>Fitting the two series…</source>
        <translation>Die beiden Serien werden angepasst …</translation>
    </message>
    <message>
        <source>Fitting two series</source>
        <translation>Zwei Serien werden angepasst</translation>
    </message>
    <message>
        <source>Five short hints on how to read, draft and sign.</source>
        <translation>Fünf kurze Hinweise zum Lesen, Entwerfen und Signieren.</translation>
    </message>
    <message>
        <source>FLAIR</source>
        <translation>FLAIR</translation>
    </message>
    <message>
        <source>FLAIR, prior</source>
        <translation>FLAIR, Voruntersuchung</translation>
    </message>
    <message>
        <source>Flip left and right</source>
        <translation>Links und rechts spiegeln</translation>
    </message>
    <message>
        <source>Flip top and bottom</source>
        <translation>Oben und unten spiegeln</translation>
    </message>
    <message>
        <source>Fold the report</source>
        <translation>Befund einklappen</translation>
    </message>
    <message>
        <source>Fold the series list</source>
        <translation>Serienliste einklappen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folder for exported reports</source>
        <translation>Ordner für exportierte Befunde</translation>
    </message>
    <message>
        <source>Folder for pictures, movies and disks</source>
        <translation>Ordner für Bilder, Filme und Datenträger</translation>
    </message>
    <message>
        <source>Folder for signed reports</source>
        <translation>Ordner für signierte Befunde</translation>
    </message>
    <message>
        <source>Folder for the copies</source>
        <translation>Ordner für die Kopien</translation>
    </message>
    <message>
        <source>For studies with</source>
        <translation>Für Untersuchungen mit</translation>
    </message>
    <message>
        <source>For two series whose headers share no place in the patient. The second one is turned and moved, not bent, until both lie on each other. You see the result and decide; nothing is measured through it.</source>
        <translation>Für zwei Serien, deren Kopfdaten keinen gemeinsamen Ort im Patienten nennen. Die zweite wird gedreht und verschoben, nicht verformt, bis beide aufeinanderliegen. Sie sehen das Ergebnis und entscheiden; gemessen wird darüber nichts.</translation>
    </message>
    <message>
        <source>For: {0}. Cells: {1}.</source>
        <translation>Für: {0}. Felder: {1}.</translation>
    </message>
    <message>
        <source>Forward button</source>
        <translation>Vorwärts-Taste</translation>
    </message>
    <message>
        <source>Forward button on the images.</source>
        <translation>Vorwärts-Taste auf den Bildern.</translation>
    </message>
    <message>
        <source>Four viewports</source>
        <translation>Vier Bildfelder</translation>
    </message>
    <message>
        <source>fractional</source>
        <translation>anteilig</translation>
    </message>
    <message>
        <source>fractional aniso</source>
        <translation>fractional aniso</translation>
    </message>
    <message>
        <source>Fractions from one half on count as inside.</source>
        <translation>Anteile ab der Hälfte zählen als innen.</translation>
    </message>
    <message>
        <source>frame</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Frame of reference</source>
        <translation>Bezugssystem</translation>
    </message>
    <message>
        <source>Free space or choose another place</source>
        <translation>Schaffen Sie Platz oder wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>Free space, or choose another place</source>
        <translation>Schaffen Sie Platz oder wählen Sie einen anderen Ort</translation>
    </message>
    <message>
        <source>Freehand region</source>
        <translation>Freihandregion</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Ab</translation>
    </message>
    <message>
        <source>from</source>
        <translation>von</translation>
    </message>
    <message>
        <source>from a prior report</source>
        <translation>aus einem früheren Befund</translation>
    </message>
    <message>
        <source>from a template</source>
        <translation>aus einer Vorlage</translation>
    </message>
    <message>
        <source>From the start</source>
        <translation>Von vorn</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>Vorn</translation>
    </message>
    <message>
        <source>full dose</source>
        <translation>volle Dosis</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Fuse with another series</source>
        <translation>Mit einer anderen Serie fusionieren</translation>
    </message>
    <message>
        <source>Fuse: lay a series over this one</source>
        <translation>Fusion: eine Serie über diese legen</translation>
    </message>
    <message>
        <source>FUSED</source>
        <translation>FUSION</translation>
    </message>
    <message>
        <source>Fusion</source>
        <translation>Fusion</translation>
    </message>
    <message>
        <source>Gantry tilt</source>
        <translation>Gantry-Kippung</translation>
    </message>
    <message>
        <source>gantry tilt in degrees</source>
        <translation>Gantry-Kippung in Grad</translation>
    </message>
    <message>
        <source>Get a whole copy from its source</source>
        <translation>Holen Sie eine vollständige Kopie von der Quelle</translation>
    </message>
    <message>
        <source>Get the missing slices from their source</source>
        <translation>Holen Sie die fehlenden Schichten von ihrer Quelle</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>Wird vorbereitet</translation>
    </message>
    <message>
        <source>Getting the model ready</source>
        <translation>Das Modell wird bereitgemacht</translation>
    </message>
    <message>
        <source>Give the folder that prelim draft wrote</source>
        <translation>Den Ordner angeben, den prelim draft schrieb</translation>
    </message>
    <message>
        <source>Give the protocol a title, then it can be saved.</source>
        <translation>Zum Speichern dem Protokoll einen Titel geben.</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>Dorthin</translation>
    </message>
    <message>
        <source>Go to it</source>
        <translation>Dorthin springen</translation>
    </message>
    <message>
        <source>Go to its center</source>
        <translation>Zur Mitte springen</translation>
    </message>
    <message>
        <source>Go to the first</source>
        <translation>Zum ersten</translation>
    </message>
    <message>
        <source>Go to the report</source>
        <translation>Zum Befund</translation>
    </message>
    <message>
        <source>golden case</source>
        <translation>Prüffall</translation>
    </message>
    <message>
        <source>gray</source>
        <translation>Grau</translation>
    </message>
    <message>
        <source>Gray inverted</source>
        <translation>Graustufen invertiert</translation>
    </message>
    <message>
        <source>green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>H original   Shift+D curtain</source>
        <translation>H Original   Umschalt+D Vorhang</translation>
    </message>
    <message>
        <source>H.264 if it can be had, else AV1</source>
        <translation>H.264, wenn möglich, sonst AV1</translation>
    </message>
    <message>
        <source>H.264, needs ffmpeg</source>
        <translation>H.264, braucht ffmpeg</translation>
    </message>
    <message>
        <source>Hang</source>
        <translation>Anordnen</translation>
    </message>
    <message>
        <source>Hang again as the protocol says</source>
        <translation>Wieder nach dem Protokoll anordnen</translation>
    </message>
    <message>
        <source>Hang studies when they open</source>
        <translation>Untersuchungen beim Öffnen anordnen</translation>
    </message>
    <message>
        <source>Hanging protocol</source>
        <translation>Hängeprotokoll</translation>
    </message>
    <message>
        <source>Hanging protocols</source>
        <translation>Hängeprotokolle</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>Kopf</translation>
    </message>
    <message>
        <source>head first, left side down</source>
        <translation>Kopf voran, Linksseitenlage</translation>
    </message>
    <message>
        <source>head first, prone</source>
        <translation>Kopf voran, Bauchlage</translation>
    </message>
    <message>
        <source>head first, right side down</source>
        <translation>Kopf voran, Rechtsseitenlage</translation>
    </message>
    <message>
        <source>head first, supine</source>
        <translation>Kopf voran, Rückenlage</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Hepatobiliary</source>
        <translation>Hepatobiliär</translation>
    </message>
    <message>
        <source>Here a signature can only mean {0}</source>
        <translation>Hier kann eine Signatur nur bedeuten: {0}</translation>
    </message>
    <message>
        <source>Hide the overlay while held</source>
        <translation>Überlagerung ausblenden, solange gehalten</translation>
    </message>
    <message>
        <source>High b-value</source>
        <translation>Hoher b-Wert</translation>
    </message>
    <message>
        <source>High Bit contradicts Bits Stored: the lowest bits are taken for the samples.</source>
        <translation>High Bit widerspricht Bits Stored: Die untersten Bits werden als Werte genommen.</translation>
    </message>
    <message>
        <source>Histogram from {0} to {1}, {2} voxels</source>
        <translation>Histogramm von {0} bis {1}, {2} Voxel</translation>
    </message>
    <message>
        <source>HL7 message, for an interface engine</source>
        <translation>HL7-Nachricht, für eine Schnittstelle</translation>
    </message>
    <message>
        <source>hold {0} for the original</source>
        <translation>{0} halten zeigt das Original</translation>
    </message>
    <message>
        <source>hold {0} for what was scanned</source>
        <translation>{0} halten zeigt, was aufgenommen wurde</translation>
    </message>
    <message>
        <source>hold {0} to hide it</source>
        <translation>{0} halten blendet sie aus</translation>
    </message>
    <message>
        <source>Hospital or practice</source>
        <translation>Klinik oder Praxis</translation>
    </message>
    <message>
        <source>Hot iron</source>
        <translation>Heißes Eisen</translation>
    </message>
    <message>
        <source>Hot metal blue</source>
        <translation>Heißmetall-Blau</translation>
    </message>
    <message>
        <source>How far a drag reaches, %</source>
        <translation>Wie weit ein Ziehen reicht, in %</translation>
    </message>
    <message>
        <source>How much of the model's change is shown first. The slider changes it at any time.</source>
        <translation>Wie viel von der Änderung des Modells zuerst gezeigt wird. Der Schieber ändert es jederzeit.</translation>
    </message>
    <message>
        <source>HU</source>
        <translation>HU</translation>
    </message>
    <message>
        <source>Hung as: {0}</source>
        <translation>Angeordnet als: {0}</translation>
    </message>
    <message>
        <source>I have kept it</source>
        <translation>Ich habe ihn verwahrt</translation>
    </message>
    <message>
        <source>ID {0}</source>
        <translation>ID {0}</translation>
    </message>
    <message>
        <source>ideal body weight</source>
        <translation>idealem Körpergewicht</translation>
    </message>
    <message>
        <source>identity of its own (SOP Instance UID)</source>
        <translation>die eigene Kennung (SOP Instance UID)</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Image processing by a model, not a cleared medical device: {0}</source>
        <translation>Bildverarbeitung durch ein Modell, kein zugelassenes Medizinprodukt: {0}</translation>
    </message>
    <message>
        <source>image type</source>
        <translation>Bildart</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Images on a page</source>
        <translation>Bilder je Seite</translation>
    </message>
    <message>
        <source>Import a hanging protocol</source>
        <translation>Hängeprotokoll importieren</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>Importieren …</translation>
    </message>
    <message>
        <source>Impression</source>
        <translation>Beurteilung</translation>
    </message>
    <message>
        <source>In a picture along a line only lengths along it or straight across are right.</source>
        <translation>In einem Bild entlang einer Linie stimmen nur Längen entlang ihr oder gerade quer dazu.</translation>
    </message>
    <message>
        <source>In doubt</source>
        <translation>Zweifelhaft</translation>
    </message>
    <message>
        <source>In phase</source>
        <translation>In Phase</translation>
    </message>
    <message>
        <source>In some places the mean of small blocks moved by {0}, more than noise can. Compare with the original there.</source>
        <translation>An einigen Stellen hat sich das Mittel kleiner Blöcke um {0} verschoben, mehr als Rauschen vermag. Vergleichen Sie dort mit dem Original.</translation>
    </message>
    <message>
        <source>In the images</source>
        <translation>In den Bildern</translation>
    </message>
    <message>
        <source>In the report</source>
        <translation>Im Befund</translation>
    </message>
    <message>
        <source>In use: scrolling, lines and the point go through this fit. Discard it any time.</source>
        <translation>In Gebrauch: Blättern, Linien und Punkt gehen über diese Anpassung. Sie lässt sich jederzeit verwerfen.</translation>
    </message>
    <message>
        <source>INCOMPLETE</source>
        <translation>UNVOLLSTÄNDIG</translation>
    </message>
    <message>
        <source>INCOMPLETE: slices are missing</source>
        <translation>UNVOLLSTÄNDIG: Schichten fehlen</translation>
    </message>
    <message>
        <source>INCOMPLETE: {0} slices could not be read</source>
        <translation>UNVOLLSTÄNDIG: {0} Schichten waren nicht lesbar</translation>
    </message>
    <message>
        <source>Indication</source>
        <translation>Indikation</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <source>Install ffmpeg, or export pictures</source>
        <translation>Installieren Sie ffmpeg oder exportieren Sie Bilder</translation>
    </message>
    <message>
        <source>Install it with: pip install 'prelim[scene3d]'</source>
        <translation>Installieren mit: pip install 'prelim[scene3d]'</translation>
    </message>
    <message>
        <source>Install Prelim with the extra vlm: pip install prelim[vlm]</source>
        <translation>Installieren Sie Prelim mit dem Zusatz vlm: pip install prelim[vlm]</translation>
    </message>
    <message>
        <source>instance number</source>
        <translation>Instanznummer</translation>
    </message>
    <message>
        <source>interpolated from tilted or unevenly spaced slices</source>
        <translation>aus gekippten oder ungleich verteilten Schichten interpoliert</translation>
    </message>
    <message>
        <source>Inverse gray</source>
        <translation>Grau invertiert</translation>
    </message>
    <message>
        <source>Invert gray</source>
        <translation>Graustufen invertieren</translation>
    </message>
    <message>
        <source>inverted</source>
        <translation>invertiert</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>das ist ein Ordner</translation>
    </message>
    <message>
        <source>It calls normal what was not assessed ({0}).</source>
        <translation>Er nennt normal, was nicht beurteilt wurde ({0}).</translation>
    </message>
    <message>
        <source>it cannot be opened ({0})</source>
        <translation>sie lässt sich nicht öffnen ({0})</translation>
    </message>
    <message>
        <source>it cannot be read</source>
        <translation>sie ist nicht lesbar</translation>
    </message>
    <message>
        <source>It cannot be shown.</source>
        <translation>Kann nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>It cannot be told how sure the model is</source>
        <translation>Wie sicher das Modell ist, lässt sich nicht sagen</translation>
    </message>
    <message>
        <source>It claims what was not found: {0} (fact {1}).</source>
        <translation>Er behauptet, was nicht gefunden wurde: {0} (Fakt {1}).</translation>
    </message>
    <message>
        <source>it claims {0} frames</source>
        <translation>sie behauptet {0} Bilder</translation>
    </message>
    <message>
        <source>it claims {0} MiB for one image</source>
        <translation>sie behauptet {0} MiB für ein Bild</translation>
    </message>
    <message>
        <source>it claims {0} MiB of voxels</source>
        <translation>sie behauptet {0} MiB Voxel</translation>
    </message>
    <message>
        <source>It comes with the first images.</source>
        <translation>Er kommt mit den ersten Bildern.</translation>
    </message>
    <message>
        <source>it could not be decoded because of a fault in this program</source>
        <translation>sie konnte wegen eines Fehlers in diesem Programm nicht dekodiert werden</translation>
    </message>
    <message>
        <source>It denies what was found: {0} (fact {1}).</source>
        <translation>Er verneint, was gefunden wurde: {0} (Fakt {1}).</translation>
    </message>
    <message>
        <source>it does not cover the whole report</source>
        <translation>sie umfasst nicht den ganzen Befund</translation>
    </message>
    <message>
        <source>it does not denoise</source>
        <translation>es mindert kein Rauschen</translation>
    </message>
    <message>
        <source>It does not fit the open study: a required word or series is not there.</source>
        <translation>Es passt nicht zur offenen Untersuchung: Ein verlangtes Wort oder eine verlangte Serie fehlt.</translation>
    </message>
    <message>
        <source>it does not say how thick its planes are.</source>
        <translation>es fehlt die Angabe, wie dick die Ebenen sind.</translation>
    </message>
    <message>
        <source>It does not say where each of its frames lies.</source>
        <translation>Es fehlt die Angabe, wo jedes der Bilder liegt.</translation>
    </message>
    <message>
        <source>It does not say where its frames lie in the patient.</source>
        <translation>Es fehlt die Angabe, wo die Bilder im Patienten liegen.</translation>
    </message>
    <message>
        <source>It draws {0} figures and texts.</source>
        <translation>Zeichnet {0} Figuren und Texte.</translation>
    </message>
    <message>
        <source>It fits the open study with {0} points: {1}.</source>
        <translation>Es passt mit {0} Punkten zur offenen Untersuchung: {1}.</translation>
    </message>
    <message>
        <source>It gives gray values colors, which is not done here.</source>
        <translation>Er gibt Grauwerten Farben, was hier nicht geschieht.</translation>
    </message>
    <message>
        <source>it has fewer entries than it claims</source>
        <translation>sie hat weniger Einträge, als sie behauptet</translation>
    </message>
    <message>
        <source>it has fewer than {0} characters</source>
        <translation>sie hat weniger als {0} Zeichen</translation>
    </message>
    <message>
        <source>it has fewer than {0} slices</source>
        <translation>sie hat weniger als {0} Schichten</translation>
    </message>
    <message>
        <source>it has more points than any drawing.</source>
        <translation>sie hat mehr Punkte als jede Zeichnung.</translation>
    </message>
    <message>
        <source>it has more than four axes, which cannot be shown</source>
        <translation>sie hat mehr als vier Achsen, das kann nicht gezeigt werden</translation>
    </message>
    <message>
        <source>it has no {0}</source>
        <translation>ihr fehlt {0}</translation>
    </message>
    <message>
        <source>it has too few slices</source>
        <translation>sie hat zu wenige Schichten</translation>
    </message>
    <message>
        <source>it holds a signed report, which is never overwritten</source>
        <translation>er enthält einen signierten Befund, der nie überschrieben wird</translation>
    </message>
    <message>
        <source>it holds another report</source>
        <translation>er enthält einen anderen Befund</translation>
    </message>
    <message>
        <source>It holds no content.</source>
        <translation>Er hat keinen Inhalt.</translation>
    </message>
    <message>
        <source>it holds no contour and no point.</source>
        <translation>sie enthält keine Kontur und keinen Punkt.</translation>
    </message>
    <message>
        <source>it holds phases, velocities or parts of a complex signal, not a magnitude</source>
        <translation>sie enthält Phasen, Geschwindigkeiten oder Teile eines komplexen Signals, keinen Betrag</translation>
    </message>
    <message>
        <source>it holds slices that were proposed and not scanned</source>
        <translation>sie enthält Schichten, die vorgeschlagen und nicht aufgenommen wurden</translation>
    </message>
    <message>
        <source>it holds {0} frames but describes {1}</source>
        <translation>sie enthält {0} Bilder, beschreibt aber {1}</translation>
    </message>
    <message>
        <source>it is a color series</source>
        <translation>sie ist eine Farbserie</translation>
    </message>
    <message>
        <source>it is a computed map (such as ADC or perfusion), not a signal</source>
        <translation>sie ist eine berechnete Karte (etwa ADC oder Perfusion), kein Signal</translation>
    </message>
    <message>
        <source>it is a copy of a file that is written</source>
        <translation>sie ist die Kopie einer Datei, die geschrieben wird</translation>
    </message>
    <message>
        <source>it is a link inside the zip file, so it was not followed</source>
        <translation>sie ist eine Verknüpfung in der ZIP-Datei, der nicht gefolgt wurde</translation>
    </message>
    <message>
        <source>it is a link that leads nowhere</source>
        <translation>das ist eine Verknüpfung, die nirgendwohin führt</translation>
    </message>
    <message>
        <source>it is a link to a folder, which is not followed; open that folder itself</source>
        <translation>das ist eine Verknüpfung zu einem Ordner, der nicht gefolgt wird; den Ordner selbst öffnen</translation>
    </message>
    <message>
        <source>it is a localizer, not a cross section</source>
        <translation>sie ist ein Lokalisator, kein Schnittbild</translation>
    </message>
    <message>
        <source>it is a MetaIO object that holds no image</source>
        <translation>sie ist ein MetaIO-Objekt ohne Bild</translation>
    </message>
    <message>
        <source>it is a picture as small as an icon</source>
        <translation>das Bild ist so klein wie ein Symbol</translation>
    </message>
    <message>
        <source>it is a printed name without a seal</source>
        <translation>es ist ein gedruckter Name ohne Siegel</translation>
    </message>
    <message>
        <source>it is a projection such as a MIP, not a stack of slices</source>
        <translation>sie ist eine Projektion wie eine MIP, kein Schichtstapel</translation>
    </message>
    <message>
        <source>it is a secondary capture: pictures of a screen or of paper, not of a scanner</source>
        <translation>sie ist eine Zweitaufnahme: Bilder eines Bildschirms oder von Papier, nicht eines Scanners</translation>
    </message>
    <message>
        <source>it is a subtraction of images, with noise of another kind</source>
        <translation>sie ist eine Subtraktion von Bildern mit Rauschen anderer Art</translation>
    </message>
    <message>
        <source>it is a zip file inside a zip file; unpack the outer one and open the folder</source>
        <translation>sie ist eine ZIP-Datei in einer ZIP-Datei; die äußere entpacken und den Ordner öffnen</translation>
    </message>
    <message>
        <source>It is about a volume, and stored looks of volumes are not applied here.</source>
        <translation>Er gilt für ein Volumen; gespeicherte Ansichten von Volumen werden hier nicht angewendet.</translation>
    </message>
    <message>
        <source>it is compressed in a way that is not supported; unpack the zip file first</source>
        <translation>sie ist auf nicht unterstützte Art komprimiert; die ZIP-Datei zuerst entpacken</translation>
    </message>
    <message>
        <source>it is cut inside the zip file</source>
        <translation>sie ist in der ZIP-Datei abgeschnitten</translation>
    </message>
    <message>
        <source>It is damaged.</source>
        <translation>Beschädigt.</translation>
    </message>
    <message>
        <source>It is drawn on one plane; its volume is for a thickness of 1 mm.</source>
        <translation>Sie ist auf einer Ebene gezeichnet; ihr Volumen gilt für eine Dicke von 1 mm.</translation>
    </message>
    <message>
        <source>it is encrypted; unpack the zip file with its password and open the folder</source>
        <translation>sie ist verschlüsselt; die ZIP-Datei mit ihrem Passwort entpacken und den Ordner öffnen</translation>
    </message>
    <message>
        <source>it is far too large</source>
        <translation>sie ist viel zu groß</translation>
    </message>
    <message>
        <source>it is for {0}</source>
        <translation>es ist für {0}</translation>
    </message>
    <message>
        <source>It is larger than 1 GiB.</source>
        <translation>Sie ist größer als 1 GiB.</translation>
    </message>
    <message>
        <source>It is made of points or open lines, which enclose nothing.</source>
        <translation>Sie besteht aus Punkten oder offenen Linien, die nichts umschließen.</translation>
    </message>
    <message>
        <source>it is nested too deeply</source>
        <translation>sie ist zu tief verschachtelt</translation>
    </message>
    <message>
        <source>it is no DICOM file</source>
        <translation>sie ist keine DICOM-Datei</translation>
    </message>
    <message>
        <source>it is no SR, PDF or report of Prelim</source>
        <translation>sie ist kein SR, PDF oder Befund von Prelim</translation>
    </message>
    <message>
        <source>it is not a JSON object</source>
        <translation>sie ist kein JSON-Objekt</translation>
    </message>
    <message>
        <source>it is not a plain file</source>
        <translation>das ist keine gewöhnliche Datei</translation>
    </message>
    <message>
        <source>It is not applied.</source>
        <translation>Nicht angewendet.</translation>
    </message>
    <message>
        <source>It is not known in which window to compare</source>
        <translation>Es ist nicht bekannt, in welchem Fenster zu vergleichen ist</translation>
    </message>
    <message>
        <source>It is not shown: none of these images is in its frame of reference, so its place on them is not known.</source>
        <translation>Nicht gezeigt: Keines dieser Bilder ist in ihrem Bezugssystem, ihr Ort darauf ist also unbekannt.</translation>
    </message>
    <message>
        <source>It is ready: show the series, then ask for it again.</source>
        <translation>Es ist fertig: zeigen Sie die Serie und verlangen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>it is the index of the disk it came from; a new one is written</source>
        <translation>sie ist der Index des Datenträgers, von dem sie kam; ein neuer wird geschrieben</translation>
    </message>
    <message>
        <source>It is under Studies.</source>
        <translation>Sie steht unter Untersuchungen.</translation>
    </message>
    <message>
        <source>It lays one series over another; that is not done from a stored state here.</source>
        <translation>Er legt eine Serie über eine andere; das geschieht hier nicht aus einem gespeicherten Zustand.</translation>
    </message>
    <message>
        <source>It lays several series over each other; that is not done from a stored state here.</source>
        <translation>Er legt mehrere Serien übereinander; das geschieht hier nicht aus einem gespeicherten Zustand.</translation>
    </message>
    <message>
        <source>It lists no structure.</source>
        <translation>Er enthält keine Struktur.</translation>
    </message>
    <message>
        <source>It makes thinner slices behind the reading: Shift+E shows them.</source>
        <translation>Es berechnet im Hintergrund dünnere Schichten: Umschalt+E zeigt sie.</translation>
    </message>
    <message>
        <source>It names no image.</source>
        <translation>Er nennt kein Bild.</translation>
    </message>
    <message>
        <source>it needs more memory than it may have</source>
        <translation>sie braucht mehr Speicher, als sie haben darf</translation>
    </message>
    <message>
        <source>it needs {0} GB, {1} GB are free</source>
        <translation>es braucht {0} GB, {1} GB sind frei</translation>
    </message>
    <message>
        <source>It opens your signing identity if the passphrase is lost.</source>
        <translation>Er öffnet Ihre Signaturidentität, wenn die Passphrase verloren ist.</translation>
    </message>
    <message>
        <source>It opens your signing identity if you forget the passphrase. It is shown only now. Print it and keep it where you keep your documents.</source>
        <translation>Er öffnet Ihre Signaturidentität, wenn Sie die Passphrase vergessen. Er wird nur jetzt gezeigt. Drucken Sie ihn aus und verwahren Sie ihn bei Ihren Dokumenten.</translation>
    </message>
    <message>
        <source>It removes noise behind the reading: E shows the result.</source>
        <translation>Es entfernt im Hintergrund Rauschen: E zeigt das Ergebnis.</translation>
    </message>
    <message>
        <source>It says "{0}", but it was found on the {1} side.</source>
        <translation>Er sagt „{0}“, gefunden wurde es aber auf der Seite „{1}“.</translation>
    </message>
    <message>
        <source>It says {0} years; by the study the patient is {1}.</source>
        <translation>Er sagt {0} Jahre; laut Untersuchung ist der Patient {1}.</translation>
    </message>
    <message>
        <source>It subtracts X-ray frames from each other, which is not done here.</source>
        <translation>Er zieht Röntgenbilder voneinander ab, was hier nicht geschieht.</translation>
    </message>
    <message>
        <source>it takes {0}, and {1} are free</source>
        <translation>er braucht {0}, und {1} sind frei</translation>
    </message>
    <message>
        <source>it unpacks to more than is allowed for one file</source>
        <translation>sie entpackt sich zu mehr, als für eine Datei erlaubt ist</translation>
    </message>
    <message>
        <source>it unpacks to more than {0} times its size, as a zip bomb does</source>
        <translation>sie entpackt sich auf mehr als das {0}-Fache ihrer Größe, wie eine ZIP-Bombe</translation>
    </message>
    <message>
        <source>It was measured by the maker of the report, not here.</source>
        <translation>Vom Verfasser des Berichts gemessen, nicht hier.</translation>
    </message>
    <message>
        <source>iterative denoising</source>
        <translation>iterative Entrauschung</translation>
    </message>
    <message>
        <source>iterative reconstruction</source>
        <translation>iterative Rekonstruktion</translation>
    </message>
    <message>
        <source>iterative reconstruction, level {0}</source>
        <translation>iterative Rekonstruktion, Stufe {0}</translation>
    </message>
    <message>
        <source>its axes are in an order that cannot be shown</source>
        <translation>ihre Achsen haben eine Reihenfolge, die nicht gezeigt werden kann</translation>
    </message>
    <message>
        <source>its axes are not those of an image</source>
        <translation>ihre Achsen sind nicht die eines Bildes</translation>
    </message>
    <message>
        <source>Its bitmap shutter is not laid over the image.</source>
        <translation>Seine Bitmap-Blende wird nicht über das Bild gelegt.</translation>
    </message>
    <message>
        <source>its certificate has no RSA key of sufficient length</source>
        <translation>ihr Zertifikat hat keinen RSA-Schlüssel ausreichender Länge</translation>
    </message>
    <message>
        <source>its colors are stored as {0}, which is not read here</source>
        <translation>ihre Farben sind als {0} gespeichert, was hier nicht gelesen wird</translation>
    </message>
    <message>
        <source>its colors are stored in a way that the standard does not allow</source>
        <translation>ihre Farben sind so gespeichert, wie es der Standard nicht erlaubt</translation>
    </message>
    <message>
        <source>its compressed data is damaged</source>
        <translation>ihre komprimierten Daten sind beschädigt</translation>
    </message>
    <message>
        <source>its compressed data unpacks to far more than it should</source>
        <translation>ihre komprimierten Daten entpacken sich zu weit mehr, als sie sollten</translation>
    </message>
    <message>
        <source>its compressed frames cannot be told apart</source>
        <translation>ihre komprimierten Bilder lassen sich nicht voneinander trennen</translation>
    </message>
    <message>
        <source>its compressed pixels are cut: they end before the picture does</source>
        <translation>ihre komprimierten Pixel sind abgeschnitten: Sie enden vor dem Bild</translation>
    </message>
    <message>
        <source>its compressed pixels are damaged: their tiles cannot be</source>
        <translation>ihre komprimierten Pixel sind beschädigt: Ihre Kacheln sind nicht möglich</translation>
    </message>
    <message>
        <source>its compressed pixels are damaged: they do not begin as they should</source>
        <translation>ihre komprimierten Pixel sind beschädigt: Sie beginnen nicht, wie sie müssten</translation>
    </message>
    <message>
        <source>its compressed pixels are not where they should be</source>
        <translation>ihre komprimierten Pixel sind nicht dort, wo sie sein müssten</translation>
    </message>
    <message>
        <source>its compressed pixels have another depth than the header says</source>
        <translation>ihre komprimierten Pixel haben eine andere Tiefe, als die Kopfdaten sagen</translation>
    </message>
    <message>
        <source>its compressed pixels have another number of colors than the header</source>
        <translation>ihre komprimierten Pixel haben eine andere Zahl von Farben als die Kopfdaten</translation>
    </message>
    <message>
        <source>its compressed pixels have another size than the header says</source>
        <translation>ihre komprimierten Pixel haben eine andere Größe, als die Kopfdaten sagen</translation>
    </message>
    <message>
        <source>its compressed pixels have colors of different depths</source>
        <translation>ihre komprimierten Pixel haben Farben verschiedener Tiefe</translation>
    </message>
    <message>
        <source>its content is damaged or of another kind</source>
        <translation>ihr Inhalt ist beschädigt oder von anderer Art</translation>
    </message>
    <message>
        <source>its contours do not lie on parallel planes.</source>
        <translation>ihre Konturen liegen nicht auf parallelen Ebenen.</translation>
    </message>
    <message>
        <source>its descriptor is none</source>
        <translation>ihr Deskriptor ist keiner</translation>
    </message>
    <message>
        <source>its evidence has not been on screen</source>
        <translation>sein Beleg war nicht auf dem Schirm</translation>
    </message>
    <message>
        <source>its file is no longer there</source>
        <translation>seine Datei ist nicht mehr da</translation>
    </message>
    <message>
        <source>its file is not as Prelim wrote it</source>
        <translation>ihre Datei ist nicht so, wie Prelim sie schrieb</translation>
    </message>
    <message>
        <source>its frames do not lie on parallel planes.</source>
        <translation>die Bilder liegen nicht auf parallelen Ebenen.</translation>
    </message>
    <message>
        <source>its gray-scale table is too long to begin below zero</source>
        <translation>ihre Grautabelle ist zu lang, um unter null zu beginnen</translation>
    </message>
    <message>
        <source>its header claims more voxels than an image can have</source>
        <translation>ihre Kopfdaten behaupten mehr Voxel, als ein Bild haben kann</translation>
    </message>
    <message>
        <source>its header contradicts itself about its directions</source>
        <translation>ihre Kopfdaten widersprechen sich in den Richtungen</translation>
    </message>
    <message>
        <source>its header contradicts itself about the number of axes</source>
        <translation>ihre Kopfdaten widersprechen sich in der Zahl der Achsen</translation>
    </message>
    <message>
        <source>its header does not name the order of bytes</source>
        <translation>ihre Kopfdaten nennen die Bytereihenfolge nicht</translation>
    </message>
    <message>
        <source>its header does not say how it is encoded</source>
        <translation>ihre Kopfdaten sagen nicht, wie sie kodiert ist</translation>
    </message>
    <message>
        <source>its header is absurdly long</source>
        <translation>ihre Kopfdaten sind absurd lang</translation>
    </message>
    <message>
        <source>its header is damaged</source>
        <translation>ihre Kopfdaten sind beschädigt</translation>
    </message>
    <message>
        <source>its header is damaged: a size is no whole number</source>
        <translation>ihre Kopfdaten sind beschädigt: Eine Größe ist keine ganze Zahl</translation>
    </message>
    <message>
        <source>its header is damaged: it does not end</source>
        <translation>ihre Kopfdaten sind beschädigt: Sie enden nicht</translation>
    </message>
    <message>
        <source>its header is damaged: it does not name its {0}</source>
        <translation>ihre Kopfdaten sind beschädigt: Es fehlt {0}</translation>
    </message>
    <message>
        <source>its header is damaged: it does not say where the voxels begin</source>
        <translation>ihre Kopfdaten sind beschädigt: Sie sagen nicht, wo die Voxel beginnen</translation>
    </message>
    <message>
        <source>its header is damaged: it names no number of axes</source>
        <translation>ihre Kopfdaten sind beschädigt: Sie nennen keine Zahl der Achsen</translation>
    </message>
    <message>
        <source>its header is damaged: it says the same thing twice</source>
        <translation>ihre Kopfdaten sind beschädigt: Sie sagen dasselbe zweimal</translation>
    </message>
    <message>
        <source>its header is damaged: it skips an impossible number of bytes</source>
        <translation>ihre Kopfdaten sind beschädigt: Sie überspringen eine unmögliche Zahl von Bytes</translation>
    </message>
    <message>
        <source>its header is damaged: the first line names no NRRD version</source>
        <translation>ihre Kopfdaten sind beschädigt: Die erste Zeile nennt keine NRRD-Version</translation>
    </message>
    <message>
        <source>its header is read in two ways</source>
        <translation>ihre Kopfdaten lassen sich auf zwei Arten lesen</translation>
    </message>
    <message>
        <source>its header lacks the identity by which others would find it</source>
        <translation>seinen Kopfdaten fehlt die Kennung, an der andere es fänden</translation>
    </message>
    <message>
        <source>its header names a data file in another folder, which was not opened</source>
        <translation>ihre Kopfdaten nennen eine Datendatei in einem anderen Ordner, die nicht geöffnet wurde</translation>
    </message>
    <message>
        <source>its header names an axis without voxels</source>
        <translation>ihre Kopfdaten nennen eine Achse ohne Voxel</translation>
    </message>
    <message>
        <source>its header says to skip lines, which is not supported</source>
        <translation>ihre Kopfdaten wollen Zeilen überspringen, was nicht unterstützt wird</translation>
    </message>
    <message>
        <source>its headers do not say where the slices are</source>
        <translation>ihre Kopfdaten sagen nicht, wo die Schichten liegen</translation>
    </message>
    <message>
        <source>its headers hold no trustworthy millimeters</source>
        <translation>ihre Kopfdaten enthalten keine verlässlichen Millimeter</translation>
    </message>
    <message>
        <source>its history is not one that the rules allow</source>
        <translation>ihre Geschichte ist keine, die die Regeln erlauben</translation>
    </message>
    <message>
        <source>its images are in color</source>
        <translation>ihre Bilder sind farbig</translation>
    </message>
    <message>
        <source>its images need {0} of memory, and {1} are meant for images here</source>
        <translation>ihre Bilder brauchen {0} Speicher, und {1} sind hier für Bilder vorgesehen</translation>
    </message>
    <message>
        <source>its images need {0}, and {1} can be had now</source>
        <translation>ihre Bilder brauchen {0}, und {1} sind jetzt zu haben</translation>
    </message>
    <message>
        <source>its key does not fit, or the file is damaged</source>
        <translation>ihr Schlüssel passt nicht, oder die Datei ist beschädigt</translation>
    </message>
    <message>
        <source>its MAC algorithm {0} is not trusted</source>
        <translation>ihrem MAC-Verfahren {0} wird nicht vertraut</translation>
    </message>
    <message>
        <source>its MAC parameters are missing</source>
        <translation>ihre MAC-Parameter fehlen</translation>
    </message>
    <message>
        <source>Its mask subtraction is not done.</source>
        <translation>Seine Maskensubtraktion wird nicht ausgeführt.</translation>
    </message>
    <message>
        <source>Its modality table is not applied; that of the image is.</source>
        <translation>Seine Modalitätstabelle wird nicht angewendet; die des Bildes gilt.</translation>
    </message>
    <message>
        <source>its model gives values that are no numbers on its own golden case</source>
        <translation>sein Modell liefert in seinem eigenen Prüffall Werte, die keine Zahlen sind</translation>
    </message>
    <message>
        <source>its name in the zip file is an absolute path, so it was not opened</source>
        <translation>ihr Name in der ZIP-Datei ist ein absoluter Pfad, daher wurde sie nicht geöffnet</translation>
    </message>
    <message>
        <source>its name in the zip file leads outside the folder (../), so it was not opened</source>
        <translation>ihr Name in der ZIP-Datei führt aus dem Ordner hinaus (../), daher wurde sie nicht geöffnet</translation>
    </message>
    <message>
        <source>its own, so linked to no other series</source>
        <translation>ein eigenes, daher mit keiner anderen Serie gekoppelt</translation>
    </message>
    <message>
        <source>its pictures lie at one place: a film or a time series</source>
        <translation>ihre Bilder liegen an einer Stelle: ein Film oder eine Zeitreihe</translation>
    </message>
    <message>
        <source>its pixel size and its positions do not fit each other</source>
        <translation>Pixelgröße und Positionen passen nicht zueinander</translation>
    </message>
    <message>
        <source>its pixels are colors</source>
        <translation>ihre Pixel sind Farben</translation>
    </message>
    <message>
        <source>Its pixels are compressed in a way that is not read here.</source>
        <translation>Die Pixel sind auf eine Art komprimiert, die hier nicht gelesen wird.</translation>
    </message>
    <message>
        <source>Its pixels are cut: there are fewer than it claims.</source>
        <translation>Die Pixel sind abgeschnitten: Es sind weniger als behauptet.</translation>
    </message>
    <message>
        <source>Its pixels are damaged or cut.</source>
        <translation>Die Pixel sind beschädigt oder abgeschnitten.</translation>
    </message>
    <message>
        <source>its pixels are floating point numbers, which are not shown</source>
        <translation>ihre Pixel sind Gleitkommazahlen, die nicht gezeigt werden</translation>
    </message>
    <message>
        <source>its pixels are packed into {0} bits each, which is not read here</source>
        <translation>ihre Pixel sind zu je {0} Bit gepackt, was hier nicht gelesen wird</translation>
    </message>
    <message>
        <source>its pixels are stored in a way that the standard does not allow</source>
        <translation>ihre Pixel sind so gespeichert, wie es der Standard nicht erlaubt</translation>
    </message>
    <message>
        <source>its pixels cannot be decoded; they are damaged or coded in an unsupported way</source>
        <translation>ihre Pixel lassen sich nicht dekodieren; sie sind beschädigt oder auf nicht unterstützte Art kodiert</translation>
    </message>
    <message>
        <source>its pixels decode to another size than the header says</source>
        <translation>ihre Pixel ergeben dekodiert eine andere Größe, als die Kopfdaten sagen</translation>
    </message>
    <message>
        <source>its pixels need more memory than there is</source>
        <translation>ihre Pixel brauchen mehr Speicher, als da ist</translation>
    </message>
    <message>
        <source>its pixels times their area times the thickness of a plane</source>
        <translation>Pixel mal ihre Fläche mal die Dicke einer Ebene</translation>
    </message>
    <message>
        <source>its pixels were already computed by a model ({0})</source>
        <translation>ihre Pixel hat bereits ein Modell berechnet ({0})</translation>
    </message>
    <message>
        <source>its pixels were already computed from other pixels</source>
        <translation>ihre Pixel sind schon aus anderen Pixeln berechnet</translation>
    </message>
    <message>
        <source>its pixels were already computed from other pixels, and the header does not say how</source>
        <translation>ihre Pixel wurden bereits aus anderen Pixeln berechnet, und der Header sagt nicht wie</translation>
    </message>
    <message>
        <source>Its place is not in this study.</source>
        <translation>Der Ort ist nicht in dieser Untersuchung.</translation>
    </message>
    <message>
        <source>Its presentation table is not applied: it comes without a window.</source>
        <translation>Seine Darstellungstabelle wird nicht angewendet: Sie kommt ohne Fenster.</translation>
    </message>
    <message>
        <source>its process did not start</source>
        <translation>ihr Prozess startete nicht</translation>
    </message>
    <message>
        <source>its process is not running</source>
        <translation>ihr Prozess läuft nicht</translation>
    </message>
    <message>
        <source>its reading was stopped</source>
        <translation>das Lesen wurde angehalten</translation>
    </message>
    <message>
        <source>Its rotation is not by quarters and is not applied.</source>
        <translation>Seine Drehung ist kein Vielfaches von 90° und wird nicht angewendet.</translation>
    </message>
    <message>
        <source>its schema is not {0}</source>
        <translation>sein Schema ist nicht {0}</translation>
    </message>
    <message>
        <source>its segments break the rules</source>
        <translation>ihre Segmente verletzen die Regeln</translation>
    </message>
    <message>
        <source>its sequences are nested too deep</source>
        <translation>ihre Sequenzen sind zu tief verschachtelt</translation>
    </message>
    <message>
        <source>Its size cannot be what it claims.</source>
        <translation>Die behauptete Größe ist nicht möglich.</translation>
    </message>
    <message>
        <source>its slices are not evenly spaced: {0} to {1} mm apart</source>
        <translation>ihre Schichten haben ungleiche Abstände: {0} bis {1} mm</translation>
    </message>
    <message>
        <source>its slices are tilted against the stack</source>
        <translation>ihre Schichten sind gegen den Stapel gekippt</translation>
    </message>
    <message>
        <source>its slices are unevenly spaced, so that none can be said to be missing</source>
        <translation>ihre Schichten haben ungleiche Abstände; daher kann von keiner gesagt werden, dass sie fehlt</translation>
    </message>
    <message>
        <source>its slices are {0} mm thick every {1} mm: they {2}</source>
        <translation>ihre Schichten sind {0} mm dick, alle {1} mm: Sie {2}</translation>
    </message>
    <message>
        <source>its slices have different scales and its gray scale is a table</source>
        <translation>ihre Schichten haben verschiedene Skalen und ihre Grauskala ist eine Tabelle</translation>
    </message>
    <message>
        <source>its source does not describe each of its frames</source>
        <translation>ihr Ausgangspunkt beschreibt nicht jedes seiner Einzelbilder</translation>
    </message>
    <message>
        <source>its source is not a series of CT or MR images</source>
        <translation>ihr Ausgangspunkt ist keine Serie von CT- oder MR-Bildern</translation>
    </message>
    <message>
        <source>its table of colors cannot be used: {0}</source>
        <translation>ihre Farbtabelle ist nicht verwendbar: {0}</translation>
    </message>
    <message>
        <source>its table of values (Modality LUT) is incomplete</source>
        <translation>ihre Wertetabelle (Modality LUT) ist unvollständig</translation>
    </message>
    <message>
        <source>its times are written in another way</source>
        <translation>seine Zeiten sind anders geschrieben</translation>
    </message>
    <message>
        <source>its values are neither HU nor MR signal</source>
        <translation>ihre Werte sind weder HU noch MR-Signal</translation>
    </message>
    <message>
        <source>its values are not {0}</source>
        <translation>ihre Werte sind nicht {0}</translation>
    </message>
    <message>
        <source>its values cannot be trusted</source>
        <translation>ihren Werten ist nicht zu trauen</translation>
    </message>
    <message>
        <source>its values have no unit</source>
        <translation>ihre Werte haben keine Einheit</translation>
    </message>
    <message>
        <source>its voxels are complex numbers; save their magnitude as a volume to see it</source>
        <translation>ihre Voxel sind komplexe Zahlen; zum Ansehen ihren Betrag als Volumen speichern</translation>
    </message>
    <message>
        <source>its voxels are of a type that cannot be shown</source>
        <translation>ihre Voxel sind von einem Typ, der nicht gezeigt werden kann</translation>
    </message>
    <message>
        <source>its voxels are spread over several files; save it as one file</source>
        <translation>ihre Voxel sind auf mehrere Dateien verteilt; als eine Datei speichern</translation>
    </message>
    <message>
        <source>its voxels are written as text, which is too long to be read</source>
        <translation>ihre Voxel sind als Text geschrieben, der zum Lesen zu lang ist</translation>
    </message>
    <message>
        <source>its voxels are written in a way that is not known</source>
        <translation>ihre Voxel sind auf eine unbekannte Art geschrieben</translation>
    </message>
    <message>
        <source>its {0} are not those of its history</source>
        <translation>{0}: nicht wie in der Geschichte</translation>
    </message>
    <message>
        <source>its {0} is {1} mm; the model was trained on {2} to {3} mm</source>
        <translation>{0} ist {1} mm; das Modell wurde auf {2} bis {3} mm trainiert</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>jobs</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>jobs 0</source>
        <translation>Aufgaben 0</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>JPEG holds 8 bits only</source>
        <translation>JPEG hat nur 8 Bit</translation>
    </message>
    <message>
        <source>Keep the window as a preset</source>
        <translation>Fenster als Vorgabe merken</translation>
    </message>
    <message>
        <source>Keep this window</source>
        <translation>Dieses Fenster merken</translation>
    </message>
    <message>
        <source>Keeping a hanging protocol</source>
        <translation>Hängeprotokoll wird gespeichert</translation>
    </message>
    <message>
        <source>kernel</source>
        <translation>Kernel</translation>
    </message>
    <message>
        <source>Key image</source>
        <translation>Schlüsselbild</translation>
    </message>
    <message>
        <source>Key images</source>
        <translation>Schlüsselbilder</translation>
    </message>
    <message>
        <source>key images</source>
        <translation>Schlüsselbilder</translation>
    </message>
    <message>
        <source>Key images are acquired slices: choose one layout of them first.</source>
        <translation>Schlüsselbilder sind Originalschichten: Zuerst ein Layout mit ihnen wählen.</translation>
    </message>
    <message>
        <source>Key images are of the study being read: this is a prior.</source>
        <translation>Schlüsselbilder gehören zur befundeten Untersuchung: Das hier ist eine Voruntersuchung.</translation>
    </message>
    <message>
        <source>Key images of this series</source>
        <translation>Schlüsselbilder dieser Serie</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Keys (*.json)</source>
        <translation>Tasten (*.json)</translation>
    </message>
    <message>
        <source>Keys and help</source>
        <translation>Tasten und Hilfe</translation>
    </message>
    <message>
        <source>Keys are stored for a command that this version does not have: {0}.</source>
        <translation>Für einen Befehl, den es in dieser Fassung nicht gibt, sind Tasten gespeichert: {0}.</translation>
    </message>
    <message>
        <source>Kind of file</source>
        <translation>Dateiart</translation>
    </message>
    <message>
        <source>label map</source>
        <translation>Labelkarte</translation>
    </message>
    <message>
        <source>labelmap</source>
        <translation>Labelkarte</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Larger controls</source>
        <translation>Größere Bedienelemente</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Größerer Text</translation>
    </message>
    <message>
        <source>Largest change of a voxel</source>
        <translation>Größte Änderung eines Voxels</translation>
    </message>
    <message>
        <source>Last slice</source>
        <translation>Letzte Schicht</translation>
    </message>
    <message>
        <source>last slice</source>
        <translation>letzte Schicht</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>Spät</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Später</translation>
    </message>
    <message>
        <source>Lay nothing over the images</source>
        <translation>Nichts über die Bilder legen</translation>
    </message>
    <message>
        <source>Lay them out as low/ and high/, or as the TCIA collection does; for one clean series add --simulate SIGMA</source>
        <translation>Legen Sie sie als low/ und high/ ab oder wie die TCIA-Sammlung; für eine einzelne saubere Serie ergänzen Sie --simulate SIGMA</translation>
    </message>
    <message>
        <source>Layout</source>
        <translation>Layout</translation>
    </message>
    <message>
        <source>Layout: arrow keys choose, Enter takes it</source>
        <translation>Layout: Pfeiltasten wählen, Enter übernimmt</translation>
    </message>
    <message>
        <source>Layouts</source>
        <translation>Layouts</translation>
    </message>
    <message>
        <source>lean body mass</source>
        <translation>fettfreier Körpermasse</translation>
    </message>
    <message>
        <source>leave gaps between them</source>
        <translation>lassen Lücken</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Lassen</translation>
    </message>
    <message>
        <source>Leave it out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Links</translation>
    </message>
    <message>
        <source>Left and right drag</source>
        <translation>Ziehen mit links und rechts</translation>
    </message>
    <message>
        <source>Left and right drag on the images.</source>
        <translation>Ziehen mit links und rechts auf den Bildern.</translation>
    </message>
    <message>
        <source>Left drag</source>
        <translation>Ziehen mit links</translation>
    </message>
    <message>
        <source>Left drag on the images.</source>
        <translation>Ziehen mit links auf den Bildern.</translation>
    </message>
    <message>
        <source>Left out because they hold no value, or are on images of another study: {0}.</source>
        <translation>Ausgelassen, weil ohne Wert oder auf Bildern einer anderen Untersuchung: {0}.</translation>
    </message>
    <message>
        <source>left side</source>
        <translation>linke Seite</translation>
    </message>
    <message>
        <source>Left-handed</source>
        <translation>Linkshändig</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Lengths are those of the detector divided by the magnification that the header estimates ({0}); they hold at one depth only.</source>
        <translation>Längen sind die des Detektors geteilt durch die in den Kopfdaten geschätzte Vergrößerung ({0}); sie gelten nur in einer Tiefe.</translation>
    </message>
    <message>
        <source>Lengths hold inside the ultrasound picture only, not in what is beside it.</source>
        <translation>Längen gelten nur im Ultraschallbild, nicht daneben.</translation>
    </message>
    <message>
        <source>Lengths were calibrated by {0}; they hold at one depth.</source>
        <translation>Längen wurden kalibriert durch {0}; sie gelten in einer Tiefe.</translation>
    </message>
    <message>
        <source>Lengths were calibrated; the header does not say by what.</source>
        <translation>Längen wurden kalibriert; die Kopfdaten sagen nicht, wodurch.</translation>
    </message>
    <message>
        <source>Less noise</source>
        <translation>Entrauschen</translation>
    </message>
    <message>
        <source>less noise</source>
        <translation>weniger Rauschen</translation>
    </message>
    <message>
        <source>Less than 2 GB of disk is free. Make room before you enhance or export.</source>
        <translation>Weniger als 2 GB sind auf der Platte frei. Schaffen Sie Platz, bevor Sie verbessern oder exportieren.</translation>
    </message>
    <message>
        <source>Letter</source>
        <translation>Letter</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Licht</translation>
    </message>
    <message>
        <source>Like OsiriX</source>
        <translation>Wie OsiriX</translation>
    </message>
    <message>
        <source>Like Weasis and RadiAnt</source>
        <translation>Wie Weasis und RadiAnt</translation>
    </message>
    <message>
        <source>likely</source>
        <translation>wahrscheinlich</translation>
    </message>
    <message>
        <source>Likely {0} {1} {2} ({3} %)</source>
        <translation>Wahrscheinlich {0} {1} {2} ({3} %)</translation>
    </message>
    <message>
        <source>limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>limit {0}</source>
        <translation>Grenze {0}</translation>
    </message>
    <message>
        <source>Lines of first and last slices</source>
        <translation>Linien der ersten und letzten Schicht</translation>
    </message>
    <message>
        <source>Lines of other slices</source>
        <translation>Linien anderer Schichten</translation>
    </message>
    <message>
        <source>Link by hand from here</source>
        <translation>Ab hier von Hand koppeln</translation>
    </message>
    <message>
        <source>Link scrolling</source>
        <translation>Blättern koppeln</translation>
    </message>
    <message>
        <source>link them by hand</source>
        <translation>von Hand koppeln</translation>
    </message>
    <message>
        <source>Link windows</source>
        <translation>Fenster koppeln</translation>
    </message>
    <message>
        <source>Link zoom and place</source>
        <translation>Zoom und Ort koppeln</translation>
    </message>
    <message>
        <source>LINKED BY HAND</source>
        <translation>VON HAND GEKOPPELT</translation>
    </message>
    <message>
        <source>Linked by hand from these slices on. The same key unlinks them.</source>
        <translation>Von diesen Schichten an von Hand gekoppelt. Dieselbe Taste löst die Kopplung.</translation>
    </message>
    <message>
        <source>LINKED BY REGISTRATION</source>
        <translation>ÜBER REGISTRIERUNG GEKOPPELT</translation>
    </message>
    <message>
        <source>Linked by registration: rigid, not measured.</source>
        <translation>Über Registrierung gekoppelt: starr, nicht gemessen.</translation>
    </message>
    <message>
        <source>Linked viewports</source>
        <translation>Gekoppelte Bildfelder</translation>
    </message>
    <message>
        <source>Linked: {0}</source>
        <translation>Gekoppelt: {0}</translation>
    </message>
    <message>
        <source>Linked: {0}; the place shown elsewhere is outside these slices</source>
        <translation>Gekoppelt: {0}; der anderswo gezeigte Ort liegt außerhalb dieser Schichten</translation>
    </message>
    <message>
        <source>List the series with: prelim inspect PATH</source>
        <translation>Die Serien zeigt: prelim inspect PFAD</translation>
    </message>
    <message>
        <source>Liver</source>
        <translation>Leber</translation>
    </message>
    <message>
        <source>Load keys</source>
        <translation>Tasten laden</translation>
    </message>
    <message>
        <source>Load keys…</source>
        <translation>Tasten laden …</translation>
    </message>
    <message>
        <source>Loading a series</source>
        <translation>Serie wird geladen</translation>
    </message>
    <message>
        <source>Loading, enhancing, measuring and drafting show here how far they are.</source>
        <translation>Laden, Verbessern, Messen und Entwerfen zeigen hier, wie weit sie sind.</translation>
    </message>
    <message>
        <source>localizer</source>
        <translation>Lokalisator</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Sperren</translation>
    </message>
    <message>
        <source>Locked by {0}</source>
        <translation>Gesperrt von {0}</translation>
    </message>
    <message>
        <source>Look again, then make findings and impression agree.</source>
        <translation>Noch einmal hinsehen, dann Befund und Beurteilung in Einklang bringen.</translation>
    </message>
    <message>
        <source>Look at edges across the squares, then accept or discard.</source>
        <translation>Kanten über die Quadrate verfolgen, dann annehmen oder verwerfen.</translation>
    </message>
    <message>
        <source>Look at the evidence, then correct or reject the sentence.</source>
        <translation>Beleg ansehen, dann den Satz berichtigen oder ablehnen.</translation>
    </message>
    <message>
        <source>Look at the evidence, then correct the side or reject the sentence.</source>
        <translation>Beleg ansehen, dann die Seite berichtigen oder den Satz ablehnen.</translation>
    </message>
    <message>
        <source>Look at the place it names, then answer it.</source>
        <translation>Den genannten Ort ansehen, dann antworten.</translation>
    </message>
    <message>
        <source>Look at them first; then say that the burned-in text may leave</source>
        <translation>Sehen Sie sie zuerst an; sagen Sie dann, dass der eingebrannte Text hinausdarf</translation>
    </message>
    <message>
        <source>Look at them in the window</source>
        <translation>Im Fenster ansehen</translation>
    </message>
    <message>
        <source>Looking at it is right.</source>
        <translation>Ansehen ist richtig.</translation>
    </message>
    <message>
        <source>Looking at this machine</source>
        <translation>Rechner wird geprüft</translation>
    </message>
    <message>
        <source>Looking for identities</source>
        <translation>Identitäten werden gesucht</translation>
    </message>
    <message>
        <source>Looking for model packs</source>
        <translation>Modellpakete werden gesucht</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Wird geprüft …</translation>
    </message>
    <message>
        <source>Lossy</source>
        <translation>Verlustbehaftet</translation>
    </message>
    <message>
        <source>low dose</source>
        <translation>Niedrigdosis</translation>
    </message>
    <message>
        <source>Lower end of the overlay's window</source>
        <translation>Unteres Ende des Fensters der Überlagerung</translation>
    </message>
    <message>
        <source>Lower viewport</source>
        <translation>Bildfeld niedriger</translation>
    </message>
    <message>
        <source>Lung</source>
        <translation>Lunge</translation>
    </message>
    <message>
        <source>lung</source>
        <translation>Lunge</translation>
    </message>
    <message>
        <source>Lung, prior</source>
        <translation>Lunge, Voruntersuchung</translation>
    </message>
    <message>
        <source>Made by a program without a person.</source>
        <translation>Von einem Programm ohne Mensch erstellt.</translation>
    </message>
    <message>
        <source>Magnifier</source>
        <translation>Lupe</translation>
    </message>
    <message>
        <source>Magnifier while held</source>
        <translation>Lupe, solange gehalten</translation>
    </message>
    <message>
        <source>main</source>
        <translation>Hauptstapel</translation>
    </message>
    <message>
        <source>Make a signing identity</source>
        <translation>Signaturidentität anlegen</translation>
    </message>
    <message>
        <source>Make my signing identity</source>
        <translation>Signaturidentität anlegen</translation>
    </message>
    <message>
        <source>Make room, or move the state with PRELIM_HOME</source>
        <translation>Schaffen Sie Platz oder verlegen Sie den Ablageort mit PRELIM_HOME</translation>
    </message>
    <message>
        <source>Make sure that this is the right patient and the right word.</source>
        <translation>Sicherstellen, dass Patient und Wort stimmen.</translation>
    </message>
    <message>
        <source>Make sure that this is the right patient, then correct the age.</source>
        <translation>Sicherstellen, dass der Patient stimmt, dann das Alter berichtigen.</translation>
    </message>
    <message>
        <source>Making a signing identity</source>
        <translation>Signaturidentität wird angelegt</translation>
    </message>
    <message>
        <source>Making a thumbnail</source>
        <translation>Vorschaubild entsteht</translation>
    </message>
    <message>
        <source>Making pages</source>
        <translation>Seiten entstehen</translation>
    </message>
    <message>
        <source>Making the demo study…</source>
        <translation>Die Demo-Untersuchung wird erzeugt …</translation>
    </message>
    <message>
        <source>Making the key…</source>
        <translation>Der Schlüssel wird erzeugt …</translation>
    </message>
    <message>
        <source>Making thumbnails</source>
        <translation>Vorschaubilder entstehen</translation>
    </message>
    <message>
        <source>mark</source>
        <translation>Markierung</translation>
    </message>
    <message>
        <source>Mark one with K</source>
        <translation>Eines mit K markieren</translation>
    </message>
    <message>
        <source>Mark some with K</source>
        <translation>Einige mit K markieren</translation>
    </message>
    <message>
        <source>Marked with K. They are not saved until you save them.</source>
        <translation>Mit K markiert. Sie sind erst gespeichert, wenn Sie sie speichern.</translation>
    </message>
    <message>
        <source>marks</source>
        <translation>Markierungen</translation>
    </message>
    <message>
        <source>Marks made in this study now are not kept.</source>
        <translation>Markierungen, die jetzt in dieser Untersuchung entstehen, werden nicht behalten.</translation>
    </message>
    <message>
        <source>Marks on other planes are left out: {0}.</source>
        <translation>Markierungen auf anderen Ebenen sind ausgelassen: {0}.</translation>
    </message>
    <message>
        <source>max</source>
        <translation>max.</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Mean frequency of the noise</source>
        <translation>Mittlere Frequenz des Rauschens</translation>
    </message>
    <message>
        <source>Mean frequency of the noise: {0} 1/mm before, {1} 1/mm after</source>
        <translation>Mittlere Frequenz des Rauschens: vorher {0} 1/mm, nachher {1} 1/mm</translation>
    </message>
    <message>
        <source>Mean shift of the body</source>
        <translation>Mittlere Verschiebung des Körpers</translation>
    </message>
    <message>
        <source>Mean shift of {0}</source>
        <translation>Mittlere Verschiebung: {0}</translation>
    </message>
    <message>
        <source>mean shift {0} {1}</source>
        <translation>mittlere Verschiebung {0} {1}</translation>
    </message>
    <message>
        <source>mean {0}  sd {1}</source>
        <translation>Mittel {0}  SD {1}</translation>
    </message>
    <message>
        <source>Mean {0} mm</source>
        <translation>Mittel {0} mm</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Bedeutung</translation>
    </message>
    <message>
        <source>Meaning of the signature</source>
        <translation>Bedeutung der Signatur</translation>
    </message>
    <message>
        <source>measure</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>Measure on single slices: a slab shows many at once.</source>
        <translation>An einzelnen Schichten messen: Eine Dickschicht zeigt viele zugleich.</translation>
    </message>
    <message>
        <source>Measure on the original series: a model made these pixels.</source>
        <translation>An der Originalserie messen: Diese Pixel hat ein Modell erzeugt.</translation>
    </message>
    <message>
        <source>measure the original series it was made from</source>
        <translation>die Originalserie messen, aus der sie entstand</translation>
    </message>
    <message>
        <source>Measure this series</source>
        <translation>Diese Serie messen</translation>
    </message>
    <message>
        <source>measured by Prelim</source>
        <translation>von Prelim gemessen</translation>
    </message>
    <message>
        <source>Measured on this series. Measuring tools always measure the original.</source>
        <translation>An dieser Serie gemessen. Messwerkzeuge messen immer das Original.</translation>
    </message>
    <message>
        <source>Measurements cannot be saved as SR</source>
        <translation>Messungen können nicht als SR gespeichert werden</translation>
    </message>
    <message>
        <source>Measures</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>measures</source>
        <translation>Messungen</translation>
    </message>
    <message>
        <source>Measuring</source>
        <translation>Messung läuft</translation>
    </message>
    <message>
        <source>measuring the gates</source>
        <translation>Prüfung der Grenzwerte</translation>
    </message>
    <message>
        <source>Measuring the gates of {0}; it takes about a minute.</source>
        <translation>Die Prüfwerte von {0} werden gemessen; das dauert etwa eine Minute.</translation>
    </message>
    <message>
        <source>Measuring {0}</source>
        <translation>{0} wird gemessen</translation>
    </message>
    <message>
        <source>median</source>
        <translation>Median</translation>
    </message>
    <message>
        <source>Mediastinum</source>
        <translation>Mediastinum</translation>
    </message>
    <message>
        <source>Mediastinum, prior</source>
        <translation>Mediastinum, Voruntersuchung</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>Middle drag</source>
        <translation>Ziehen mit der Mitte</translation>
    </message>
    <message>
        <source>Middle drag on the images.</source>
        <translation>Ziehen mit der Mitte auf den Bildern.</translation>
    </message>
    <message>
        <source>min</source>
        <translation>min.</translation>
    </message>
    <message>
        <source>min {0}  max {1}</source>
        <translation>min. {0}  max. {1}</translation>
    </message>
    <message>
        <source>MinIP</source>
        <translation>MinIP</translation>
    </message>
    <message>
        <source>MinIP {0} mm</source>
        <translation>MinIP {0} mm</translation>
    </message>
    <message>
        <source>MIP</source>
        <translation>MIP</translation>
    </message>
    <message>
        <source>MIP {0} mm</source>
        <translation>MIP {0} mm</translation>
    </message>
    <message>
        <source>mirrored</source>
        <translation>gespiegelt</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlend</translation>
    </message>
    <message>
        <source>modality</source>
        <translation>Modalität</translation>
    </message>
    <message>
        <source>Model pack</source>
        <translation>Modellpaket</translation>
    </message>
    <message>
        <source>Model pack for CT</source>
        <translation>Modellpaket für CT</translation>
    </message>
    <message>
        <source>Model pack for MR</source>
        <translation>Modellpaket für MR</translation>
    </message>
    <message>
        <source>model pack {0}, sha256 {1}; strength {2}</source>
        <translation>Modellpaket {0}, sha256 {1}; Stärke {2}</translation>
    </message>
    <message>
        <source>Model pack: {0}</source>
        <translation>Modellpaket: {0}</translation>
    </message>
    <message>
        <source>Model packs</source>
        <translation>Modellpakete</translation>
    </message>
    <message>
        <source>Models run on</source>
        <translation>Modelle laufen auf</translation>
    </message>
    <message>
        <source>modified Hounsfield units</source>
        <translation>modifizierte Hounsfield-Einheiten</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>more file belongs to no series</source>
        <translation>weitere Datei gehört zu keiner Serie</translation>
    </message>
    <message>
        <source>more files belong to no series</source>
        <translation>weitere Dateien gehören zu keiner Serie</translation>
    </message>
    <message>
        <source>More opaque where the value is higher</source>
        <translation>Deckender, wo der Wert höher ist</translation>
    </message>
    <message>
        <source>More tools and views</source>
        <translation>Weitere Werkzeuge und Ansichten</translation>
    </message>
    <message>
        <source>more where the value is higher</source>
        <translation>stärker, wo der Wert höher ist</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Move the cursor of a mark</source>
        <translation>Cursor einer Markierung bewegen</translation>
    </message>
    <message>
        <source>Move the picture</source>
        <translation>Bild verschieben</translation>
    </message>
    <message>
        <source>Move the picture down</source>
        <translation>Bild nach unten verschieben</translation>
    </message>
    <message>
        <source>Move the picture left</source>
        <translation>Bild nach links verschieben</translation>
    </message>
    <message>
        <source>Move the picture right</source>
        <translation>Bild nach rechts verschieben</translation>
    </message>
    <message>
        <source>Move the picture up</source>
        <translation>Bild nach oben verschieben</translation>
    </message>
    <message>
        <source>Movie</source>
        <translation>Film</translation>
    </message>
    <message>
        <source>MR angiography</source>
        <translation>MR-Angiographie</translation>
    </message>
    <message>
        <source>MR angiography (MIP)</source>
        <translation>MR-Angiographie (MIP)</translation>
    </message>
    <message>
        <source>MR brain</source>
        <translation>MR Gehirn</translation>
    </message>
    <message>
        <source>MR brain with the prior</source>
        <translation>MR Gehirn mit Voruntersuchung</translation>
    </message>
    <message>
        <source>MR brain: one volume in three planes</source>
        <translation>MR Gehirn: ein Volumen in drei Ebenen</translation>
    </message>
    <message>
        <source>MR diffusion tensor</source>
        <translation>MR Diffusionstensor</translation>
    </message>
    <message>
        <source>MR joint</source>
        <translation>MR Gelenk</translation>
    </message>
    <message>
        <source>MR liver</source>
        <translation>MR Leber</translation>
    </message>
    <message>
        <source>MR prostate</source>
        <translation>MR Prostata</translation>
    </message>
    <message>
        <source>MR spine</source>
        <translation>MR Wirbelsäule</translation>
    </message>
    <message>
        <source>MR surface</source>
        <translation>MR Oberfläche</translation>
    </message>
    <message>
        <source>MR: up to four series</source>
        <translation>MR: bis zu vier Serien</translation>
    </message>
    <message>
        <source>mutual information (Mattes), in nats</source>
        <translation>Transinformation (Mattes), in nats</translation>
    </message>
    <message>
        <source>My protocol</source>
        <translation>Mein Protokoll</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name of the cell</source>
        <translation>Name des Felds</translation>
    </message>
    <message>
        <source>Name of the preset</source>
        <translation>Name der Vorgabe</translation>
    </message>
    <message>
        <source>name of the series</source>
        <translation>Name der Serie</translation>
    </message>
    <message>
        <source>name of the stack</source>
        <translation>Name des Stapels</translation>
    </message>
    <message>
        <source>Name the folder that prelim sign wrote</source>
        <translation>Den Ordner nennen, den prelim sign schrieb</translation>
    </message>
    <message>
        <source>Name the folder that signing this report wrote</source>
        <translation>Den Ordner nennen, den das Signieren dieses Befunds schrieb</translation>
    </message>
    <message>
        <source>Names of files</source>
        <translation>Namen der Dateien</translation>
    </message>
    <message>
        <source>Narrower viewport</source>
        <translation>Bildfeld schmaler</translation>
    </message>
    <message>
        <source>Native</source>
        <translation>Nativ</translation>
    </message>
    <message>
        <source>Needs its series</source>
        <translation>Braucht seine Serie</translation>
    </message>
    <message>
        <source>neither ffmpeg nor the AV1 encoder of Pillow was found</source>
        <translation>weder ffmpeg noch der AV1-Encoder von Pillow wurde gefunden</translation>
    </message>
    <message>
        <source>neither {0} nor {1} is in it</source>
        <translation>weder {0} noch {1} ist darin</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neues</translation>
    </message>
    <message>
        <source>new {0}</source>
        <translation>{0} neu</translation>
    </message>
    <message>
        <source>News not looked at: {0}</source>
        <translation>Nicht angesehene Neuigkeiten: {0}</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Next hanging protocol</source>
        <translation>Nächstes Hängeprotokoll</translation>
    </message>
    <message>
        <source>Next mark</source>
        <translation>Nächste Markierung</translation>
    </message>
    <message>
        <source>Next model pack</source>
        <translation>Nächstes Modellpaket</translation>
    </message>
    <message>
        <source>Next or previous series</source>
        <translation>Nächste oder vorige Serie</translation>
    </message>
    <message>
        <source>Next palette of the overlay</source>
        <translation>Nächste Palette der Überlagerung</translation>
    </message>
    <message>
        <source>Next row</source>
        <translation>Nächste Zeile</translation>
    </message>
    <message>
        <source>Next series</source>
        <translation>Nächste Serie</translation>
    </message>
    <message>
        <source>Next slice</source>
        <translation>Nächste Schicht</translation>
    </message>
    <message>
        <source>Next viewport</source>
        <translation>Nächstes Bildfeld</translation>
    </message>
    <message>
        <source>Nine viewports</source>
        <translation>Neun Bildfelder</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>no</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>no burned-in text</source>
        <translation>kein eingebrannter Text</translation>
    </message>
    <message>
        <source>No divider beside this viewport can move that way.</source>
        <translation>Neben diesem Bildfeld lässt sich dorthin keine Trennlinie bewegen.</translation>
    </message>
    <message>
        <source>No enhanced series can be made from this file</source>
        <translation>Aus dieser Datei lässt sich keine verbesserte Serie erzeugen</translation>
    </message>
    <message>
        <source>no file was found</source>
        <translation>keine Datei wurde gefunden</translation>
    </message>
    <message>
        <source>no format was named</source>
        <translation>kein Format wurde genannt</translation>
    </message>
    <message>
        <source>No hanging protocol fits this study.</source>
        <translation>Kein Hängeprotokoll passt zu dieser Untersuchung.</translation>
    </message>
    <message>
        <source>No hanging protocol fits: the largest series is shown.</source>
        <translation>Kein Hängeprotokoll passt: Die größte Serie wird gezeigt.</translation>
    </message>
    <message>
        <source>no images</source>
        <translation>keine Bilder</translation>
    </message>
    <message>
        <source>No images are on screen</source>
        <translation>Es werden keine Bilder gezeigt</translation>
    </message>
    <message>
        <source>No images here. Drop a series here, or choose one at the left.</source>
        <translation>Hier sind keine Bilder. Eine Serie hier ablegen oder links eine wählen.</translation>
    </message>
    <message>
        <source>No jobs</source>
        <translation>Keine Aufgaben</translation>
    </message>
    <message>
        <source>No key image is marked</source>
        <translation>Kein Schlüsselbild ist markiert</translation>
    </message>
    <message>
        <source>No key image of this series is marked</source>
        <translation>Kein Schlüsselbild dieser Serie ist markiert</translation>
    </message>
    <message>
        <source>no lossy compression</source>
        <translation>keine verlustbehaftete Kompression</translation>
    </message>
    <message>
        <source>No measurements yet</source>
        <translation>Noch keine Messungen</translation>
    </message>
    <message>
        <source>No millimeters</source>
        <translation>Keine Millimeter</translation>
    </message>
    <message>
        <source>no millimeters</source>
        <translation>keine Millimeter</translation>
    </message>
    <message>
        <source>no missing slices</source>
        <translation>keine fehlenden Schichten</translation>
    </message>
    <message>
        <source>No model of this program proposes missing slices.</source>
        <translation>Kein Modell dieses Programms schlägt fehlende Schichten vor.</translation>
    </message>
    <message>
        <source>No model pack can be calibrated from "{0}"</source>
        <translation>Aus „{0}“ kann kein Modellpaket kalibriert werden</translation>
    </message>
    <message>
        <source>No model pack can be calibrated here</source>
        <translation>Hier kann kein Modellpaket kalibriert werden</translation>
    </message>
    <message>
        <source>No model pack was found. Install Prelim again or add a pack.</source>
        <translation>Kein Modellpaket gefunden. Installieren Sie Prelim neu oder fügen Sie ein Paket hinzu.</translation>
    </message>
    <message>
        <source>No more hints</source>
        <translation>Keine Hinweise mehr</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>Kein Name</translation>
    </message>
    <message>
        <source>No name in the headers</source>
        <translation>Name fehlt</translation>
    </message>
    <message>
        <source>No number is reported: {0}.</source>
        <translation>Keine Zahl wird berichtet: {0}.</translation>
    </message>
    <message>
        <source>no number: not scanned</source>
        <translation>keine Zahl: nicht aufgenommen</translation>
    </message>
    <message>
        <source>No objects</source>
        <translation>Keine Objekte</translation>
    </message>
    <message>
        <source>No other series shows the same part of the body in the same frame of reference. Series of other frames can be laid over after they were fitted.</source>
        <translation>Keine andere Serie zeigt dieselbe Körperregion im selben Bezugssystem. Serien anderer Bezugssysteme lassen sich überlagern, nachdem sie angepasst wurden.</translation>
    </message>
    <message>
        <source>No pair of a low-dose and a full-dose series was found</source>
        <translation>Kein Paar aus Niedrigdosis- und Volldosis-Serie gefunden</translation>
    </message>
    <message>
        <source>NO PATIENT - research data</source>
        <translation>KEIN PATIENT - Forschungsdaten</translation>
    </message>
    <message>
        <source>No picture was chosen</source>
        <translation>Kein Bild ist gewählt</translation>
    </message>
    <message>
        <source>no pixel size</source>
        <translation>ohne Pixelgröße</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>ohne Position</translation>
    </message>
    <message>
        <source>No presentation state is applied. The objects panel lists them.</source>
        <translation>Kein Präsentationszustand ist angewendet. Die Objektliste führt sie auf.</translation>
    </message>
    <message>
        <source>No printer is set up on this machine. Write a PDF and print that.</source>
        <translation>Auf diesem Rechner ist kein Drucker eingerichtet. Schreiben Sie ein PDF und drucken Sie dieses.</translation>
    </message>
    <message>
        <source>No prior of this patient</source>
        <translation>Keine Voruntersuchung dieses Patienten</translation>
    </message>
    <message>
        <source>No prior reports</source>
        <translation>Keine früheren Befunde</translation>
    </message>
    <message>
        <source>No protocol is on screen</source>
        <translation>Kein Protokoll ist auf dem Schirm</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>kein Grund angegeben</translation>
    </message>
    <message>
        <source>No regions are shown here: F7 lists those of the study and shows them.</source>
        <translation>Hier werden keine Regionen gezeigt: F7 listet die der Untersuchung auf und zeigt sie.</translation>
    </message>
    <message>
        <source>no repeats</source>
        <translation>keine Wiederholungen</translation>
    </message>
    <message>
        <source>No report yet</source>
        <translation>Noch kein Befund</translation>
    </message>
    <message>
        <source>No segmentation or structure set came with these images.</source>
        <translation>Mit diesen Bildern kam keine Segmentierung und kein Struktursatz.</translation>
    </message>
    <message>
        <source>no series is named or filed as either</source>
        <translation>keine Serie ist als eine der beiden benannt oder abgelegt</translation>
    </message>
    <message>
        <source>No series of this prior is like the one on show. Choose one in the list.</source>
        <translation>Keine Serie dieser Voruntersuchung gleicht der gezeigten. In der Liste eine wählen.</translation>
    </message>
    <message>
        <source>no series of this study</source>
        <translation>keine Serie dieser Untersuchung</translation>
    </message>
    <message>
        <source>no series with images has this UID</source>
        <translation>keine Serie mit Bildern hat diese UID</translation>
    </message>
    <message>
        <source>No slab here because {0}.</source>
        <translation>Hier keine Dickschicht, denn {0}.</translation>
    </message>
    <message>
        <source>no slice is missing</source>
        <translation>keine Schicht fehlt</translation>
    </message>
    <message>
        <source>no slice is missing and no row was marked</source>
        <translation>keine Schicht fehlt und keine Zeile wurde markiert</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>kein Speicherplatz mehr frei</translation>
    </message>
    <message>
        <source>No stored voxel lies inside of this. Draw it larger, on the image.</source>
        <translation>Darin liegt kein gespeichertes Voxel. Größer zeichnen, auf dem Bild.</translation>
    </message>
    <message>
        <source>No study at hand? Open the demo study: it is computed, no patient is in it.</source>
        <translation>Keine Untersuchung zur Hand? Öffnen Sie die Demo-Untersuchung: Sie ist berechnet, kein Patient ist darin.</translation>
    </message>
    <message>
        <source>No study matches the search. Clear it to see all studies.</source>
        <translation>Keine Untersuchung entspricht der Suche. Leeren Sie die Suche, um alle zu sehen.</translation>
    </message>
    <message>
        <source>No study open</source>
        <translation>Keine Untersuchung offen</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht vorhanden</translation>
    </message>
    <message>
        <source>no tilt</source>
        <translation>keine Kippung</translation>
    </message>
    <message>
        <source>no unit</source>
        <translation>keine Einheit</translation>
    </message>
    <message>
        <source>no value</source>
        <translation>kein Wert</translation>
    </message>
    <message>
        <source>Nobody has reviewed this drafted sentence.</source>
        <translation>Niemand hat diesen entworfenen Satz durchgesehen.</translation>
    </message>
    <message>
        <source>Noise and bias</source>
        <translation>Rauschen und Bias</translation>
    </message>
    <message>
        <source>Noise and bias of the enhancement</source>
        <translation>Rauschen und Bias der Verbesserung</translation>
    </message>
    <message>
        <source>Noise and bias: 1 doubt</source>
        <translation>Rauschen und Bias: 1 Zweifel</translation>
    </message>
    <message>
        <source>Noise and bias: {0} doubts</source>
        <translation>Rauschen und Bias: {0} Zweifel</translation>
    </message>
    <message>
        <source>Noise in even tissue</source>
        <translation>Rauschen in gleichmäßigem Gewebe</translation>
    </message>
    <message>
        <source>Noise power spectrum</source>
        <translation>Leistungsspektrum des Rauschens</translation>
    </message>
    <message>
        <source>noise {0} → {1} {2}</source>
        <translation>Rauschen {0} → {1} {2}</translation>
    </message>
    <message>
        <source>non-local means</source>
        <translation>Non-local Means</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>None of the files can be shown as an image</source>
        <translation>Keine der Dateien kann als Bild gezeigt werden</translation>
    </message>
    <message>
        <source>None of the images it names is in the open study.</source>
        <translation>Keines der genannten Bilder ist in der offenen Untersuchung.</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>das ist kein Ordner</translation>
    </message>
    <message>
        <source>not answered</source>
        <translation>nicht beantwortet</translation>
    </message>
    <message>
        <source>Not assessed</source>
        <translation>Nicht beurteilt</translation>
    </message>
    <message>
        <source>not assessed</source>
        <translation>nicht beurteilt</translation>
    </message>
    <message>
        <source>Not compared: a study without a patient ID cannot be told to be of the same patient. Have the ID corrected where the study comes from.</source>
        <translation>Nicht verglichen: Eine Untersuchung ohne Patienten-ID lässt sich keinem Patienten zuordnen. Lassen Sie die ID dort berichtigen, wo die Untersuchung herkommt.</translation>
    </message>
    <message>
        <source>Not compared: the patient ID is the same but the names differ. Find out whose study it is before you compare.</source>
        <translation>Nicht verglichen: Die Patienten-ID ist gleich, aber die Namen sind verschieden. Klären Sie vor dem Vergleich, wessen Untersuchung es ist.</translation>
    </message>
    <message>
        <source>Not compared: the patient IDs differ. If it is the same patient, have the IDs merged where the studies come from, then open them again.</source>
        <translation>Nicht verglichen: Die Patienten-IDs sind verschieden. Ist es derselbe Patient, lassen Sie die IDs dort zusammenführen, wo die Untersuchungen herkommen, und öffnen Sie sie dann wieder.</translation>
    </message>
    <message>
        <source>Not copied: text in the pixels may name the patient. Use Export pictures.</source>
        <translation>Nicht kopiert: Text in den Pixeln nennt vielleicht den Patienten. „Bilder exportieren“ verwenden.</translation>
    </message>
    <message>
        <source>Not enhanced</source>
        <translation>Nicht verbessert</translation>
    </message>
    <message>
        <source>not in this study</source>
        <translation>nicht in dieser Untersuchung</translation>
    </message>
    <message>
        <source>not known: {0}</source>
        <translation>unbekannt: {0}</translation>
    </message>
    <message>
        <source>Not measured: these pixels were proposed by a model and not scanned.</source>
        <translation>Nicht gemessen: Diese Pixel hat ein Modell vorgeschlagen; sie wurden nicht aufgenommen.</translation>
    </message>
    <message>
        <source>not offered</source>
        <translation>nicht möglich</translation>
    </message>
    <message>
        <source>not on these images</source>
        <translation>nicht auf diesen Bildern</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>nicht gespeichert</translation>
    </message>
    <message>
        <source>not signed</source>
        <translation>nicht signiert</translation>
    </message>
    <message>
        <source>not stated by the headers</source>
        <translation>in den Kopfdaten nicht angegeben</translation>
    </message>
    <message>
        <source>not stated, so linked to no other series</source>
        <translation>nicht angegeben, daher mit keiner anderen Serie gekoppelt</translation>
    </message>
    <message>
        <source>not the study that is reported</source>
        <translation>nicht die Untersuchung, die befundet wird</translation>
    </message>
    <message>
        <source>not trusted</source>
        <translation>nicht verlässlich</translation>
    </message>
    <message>
        <source>NOTE</source>
        <translation>HINWEIS</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>Nichts</translation>
    </message>
    <message>
        <source>Nothing can be proposed for this series</source>
        <translation>Für diese Serie kann nichts vorgeschlagen werden</translation>
    </message>
    <message>
        <source>Nothing can be straightened in this series</source>
        <translation>In dieser Serie lässt sich nichts strecken</translation>
    </message>
    <message>
        <source>Nothing is in doubt.</source>
        <translation>Nichts ist zweifelhaft.</translation>
    </message>
    <message>
        <source>Nothing is laid over these images. Fuse them first.</source>
        <translation>Über diesen Bildern liegt nichts. Zuerst fusionieren.</translation>
    </message>
    <message>
        <source>Nothing is measured on this series: it has no millimeters, and {0}.</source>
        <translation>An dieser Serie wird nichts gemessen: Sie hat keine Millimeter, und {0}.</translation>
    </message>
    <message>
        <source>Nothing is open</source>
        <translation>Nichts ist offen</translation>
    </message>
    <message>
        <source>Nothing is shown here.</source>
        <translation>Hier wird nichts gezeigt.</translation>
    </message>
    <message>
        <source>Nothing new</source>
        <translation>Nichts Neues</translation>
    </message>
    <message>
        <source>Nothing of what the model made is kept</source>
        <translation>Vom Ergebnis des Modells bleibt nichts</translation>
    </message>
    <message>
        <source>Nothing received yet</source>
        <translation>Noch nichts angekommen</translation>
    </message>
    <message>
        <source>Nothing to link by hand: the others follow already, or their slices lie another way.</source>
        <translation>Nichts von Hand zu koppeln: Die anderen folgen schon, oder ihre Schichten liegen anders.</translation>
    </message>
    <message>
        <source>Nothing was changed on the images. Undo in the report works there.</source>
        <translation>In den Bildern wurde nichts geändert. Rückgängig im Befund wirkt dort.</translation>
    </message>
    <message>
        <source>Nothing was changed; try again, and report it if it happens again</source>
        <translation>Nichts wurde geändert; versuchen Sie es wieder und melden Sie es, wenn es noch einmal geschieht</translation>
    </message>
    <message>
        <source>Nothing was printed.</source>
        <translation>Nichts wurde gedruckt.</translation>
    </message>
    <message>
        <source>number of series</source>
        <translation>Zahl der Serien</translation>
    </message>
    <message>
        <source>number of slices</source>
        <translation>Zahl der Schichten</translation>
    </message>
    <message>
        <source>Objects</source>
        <translation>Objekte</translation>
    </message>
    <message>
        <source>Objects of the study</source>
        <translation>Objekte der Untersuchung</translation>
    </message>
    <message>
        <source>Objects that came with the images</source>
        <translation>Objekte, die mit den Bildern kamen</translation>
    </message>
    <message>
        <source>oblique</source>
        <translation>schräg</translation>
    </message>
    <message>
        <source>Oblique {0} of {1}</source>
        <translation>Schräg {0}/{1}</translation>
    </message>
    <message>
        <source>of a source image, {0}</source>
        <translation>zu einem Ausgangsbild: {0}</translation>
    </message>
    <message>
        <source>Of the window; it changes when Prelim is started again. Reports keep the language you write.</source>
        <translation>Die des Fensters; sie wechselt beim nächsten Start. Befunde behalten die Sprache, in der Sie schreiben.</translation>
    </message>
    <message>
        <source>Of this image {0} were {1}</source>
        <translation>Von diesem Bild wurden {0} {1}</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>offered, from the slices as they are</source>
        <translation>möglich, aus den Schichten wie sie sind</translation>
    </message>
    <message>
        <source>offered, resampled and marked RESAMPLED</source>
        <translation>möglich, neu berechnet und so gekennzeichnet</translation>
    </message>
    <message>
        <source>offline: no peer reached</source>
        <translation>offline: ohne Gegenstelle</translation>
    </message>
    <message>
        <source>On</source>
        <translation>Ein</translation>
    </message>
    <message>
        <source>on screen</source>
        <translation>auf dem Schirm</translation>
    </message>
    <message>
        <source>On screen: {0}</source>
        <translation>Auf dem Schirm: {0}</translation>
    </message>
    <message>
        <source>One finger</source>
        <translation>Ein Finger</translation>
    </message>
    <message>
        <source>one holds {0}, the other {1}</source>
        <translation>die eine enthält {0}, die andere {1}</translation>
    </message>
    <message>
        <source>One line</source>
        <translation>Eine Zeile</translation>
    </message>
    <message>
        <source>one of its three parts is missing</source>
        <translation>einer ihrer drei Teile fehlt</translation>
    </message>
    <message>
        <source>one picture</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>One series</source>
        <translation>Eine Serie</translation>
    </message>
    <message>
        <source>One TIFF, a page per slice</source>
        <translation>Ein TIFF, eine Seite je Schicht</translation>
    </message>
    <message>
        <source>One viewport</source>
        <translation>Ein Bildfeld</translation>
    </message>
    <message>
        <source>One viewport alone</source>
        <translation>Ein Bildfeld allein</translation>
    </message>
    <message>
        <source>Only a DICOM study can be saved so.</source>
        <translation>Nur eine DICOM-Untersuchung lässt sich so speichern.</translation>
    </message>
    <message>
        <source>Only images of the scanner can be key images.</source>
        <translation>Nur Bilder des Geräts können Schlüsselbilder sein.</translation>
    </message>
    <message>
        <source>only SHA-256 is signed</source>
        <translation>nur SHA-256 wird signiert</translation>
    </message>
    <message>
        <source>Only the series on screen</source>
        <translation>Nur die gezeigte Serie</translation>
    </message>
    <message>
        <source>only {0} of {1} slices could be read; the others are black</source>
        <translation>nur {0} von {1} Schichten waren lesbar; die anderen sind schwarz</translation>
    </message>
    <message>
        <source>Only {1} of {2} figures are drawn: presentation state {0} has too many</source>
        <translation>Nur {1} von {2} Figuren sind gezeichnet: Präsentationszustand {0} hat zu viele</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Opacity of regions, percent</source>
        <translation>Deckkraft der Regionen in Prozent</translation>
    </message>
    <message>
        <source>Opacity of the overlay, percent</source>
        <translation>Deckkraft der Überlagerung in Prozent</translation>
    </message>
    <message>
        <source>Opacity of the region</source>
        <translation>Deckkraft der Region</translation>
    </message>
    <message>
        <source>Opacity of the volume, percent</source>
        <translation>Deckkraft des Volumens in Prozent</translation>
    </message>
    <message>
        <source>open a part of its files, or a reconstruction with thicker slices</source>
        <translation>einen Teil ihrer Dateien öffnen oder eine Rekonstruktion mit dickeren Schichten</translation>
    </message>
    <message>
        <source>Open a series to see it in 3D.</source>
        <translation>Zum Ansehen in 3D eine Serie öffnen.</translation>
    </message>
    <message>
        <source>Open a study and arrange it first: then it can be kept.</source>
        <translation>Zuerst eine Untersuchung öffnen und anordnen: Dann lässt sich die Anordnung speichern.</translation>
    </message>
    <message>
        <source>Open a study first, then ask for a draft.</source>
        <translation>Zuerst eine Untersuchung öffnen, dann einen Entwurf verlangen.</translation>
    </message>
    <message>
        <source>Open a study first.</source>
        <translation>Zuerst eine Untersuchung öffnen.</translation>
    </message>
    <message>
        <source>Open a study first: its report can be exported here.</source>
        <translation>Zuerst eine Untersuchung öffnen: Ihr Befund lässt sich dann hier exportieren.</translation>
    </message>
    <message>
        <source>Open a study first: its report can be signed then.</source>
        <translation>Zuerst eine Untersuchung öffnen: Ihr Befund lässt sich dann signieren.</translation>
    </message>
    <message>
        <source>Open a study to see how many files came, how many are shown and why.</source>
        <translation>Eine Untersuchung öffnen: Hier steht, wie viele Dateien kamen, wie viele gezeigt werden und warum.</translation>
    </message>
    <message>
        <source>Open a study: its report will stand here. You can write it yourself, or ask for a draft (Ctrl+D). A draft only proposes; each of its sentences waits for you.</source>
        <translation>Eine Untersuchung öffnen: Ihr Befund steht dann hier. Sie können ihn selbst schreiben oder einen Entwurf verlangen (Strg+D). Ein Entwurf schlägt nur vor; jeder seiner Sätze wartet auf Sie.</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>Dateien öffnen</translation>
    </message>
    <message>
        <source>Open files…</source>
        <translation>Dateien öffnen …</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Open folder…</source>
        <translation>Ordner öffnen …</translation>
    </message>
    <message>
        <source>open sentence</source>
        <translation>offener Satz</translation>
    </message>
    <message>
        <source>open sentences</source>
        <translation>offene Sätze</translation>
    </message>
    <message>
        <source>Open the demo study</source>
        <translation>Demo-Untersuchung öffnen</translation>
    </message>
    <message>
        <source>open the DICOM study that it was made from</source>
        <translation>die DICOM-Untersuchung öffnen, aus der sie entstand</translation>
    </message>
    <message>
        <source>Open the report.json or draft.json that Prelim wrote</source>
        <translation>Öffnen Sie die report.json oder draft.json, die Prelim schrieb</translation>
    </message>
    <message>
        <source>Open the report.json or draft.json that Prelim wrote, with a current version</source>
        <translation>Öffnen Sie die report.json oder draft.json von Prelim mit einer aktuellen Fassung</translation>
    </message>
    <message>
        <source>Open the study again</source>
        <translation>Die Untersuchung noch einmal öffnen</translation>
    </message>
    <message>
        <source>opened</source>
        <translation>geöffnet</translation>
    </message>
    <message>
        <source>Opened by a plane</source>
        <translation>Durch eine Ebene geöffnet</translation>
    </message>
    <message>
        <source>Opening studies</source>
        <translation>Untersuchungen werden geöffnet</translation>
    </message>
    <message>
        <source>Opening the demo study</source>
        <translation>Demo-Untersuchung wird geöffnet</translation>
    </message>
    <message>
        <source>optical densities (in thousandths)</source>
        <translation>optische Dichten (in Tausendsteln)</translation>
    </message>
    <message>
        <source>orange</source>
        <translation>Orange</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>ORIGINAL</source>
        <translation>ORIGINAL</translation>
    </message>
    <message>
        <source>original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Original and enhanced side by side</source>
        <translation>Original und verbessert nebeneinander</translation>
    </message>
    <message>
        <source>other kind</source>
        <translation>andere Art</translation>
    </message>
    <message>
        <source>other place</source>
        <translation>anderer Ort</translation>
    </message>
    <message>
        <source>Other planes</source>
        <translation>Andere Ebenen</translation>
    </message>
    <message>
        <source>Other planes are not offered because {0}. Scrolling the slices is right.</source>
        <translation>Andere Ebenen sind nicht möglich: {0}. Blättern durch die Schichten ist richtig.</translation>
    </message>
    <message>
        <source>Other planes cannot be made: {0}.</source>
        <translation>Andere Ebenen sind nicht möglich: {0}.</translation>
    </message>
    <message>
        <source>other reference frame</source>
        <translation>anderes Bezugssystem</translation>
    </message>
    <message>
        <source>Other screens</source>
        <translation>Andere Schirme</translation>
    </message>
    <message>
        <source>Other series</source>
        <translation>Andere Serie</translation>
    </message>
    <message>
        <source>Other studies of the same patient ID that were opened here, or came with this one, stand here. Open the prior once, then come back.</source>
        <translation>Andere Untersuchungen derselben Patienten-ID, die hier geöffnet wurden oder mit dieser kamen, stehen hier. Öffnen Sie die Voruntersuchung einmal und kommen Sie dann zurück.</translation>
    </message>
    <message>
        <source>Otherwise one notch is one slice, however fast.</source>
        <translation>Sonst ist ein Rastpunkt eine Schicht, wie schnell auch immer.</translation>
    </message>
    <message>
        <source>Otherwise the draft is made when you ask for it.</source>
        <translation>Sonst entsteht der Entwurf, wenn Sie ihn verlangen.</translation>
    </message>
    <message>
        <source>Otherwise the largest series is shown in the layout you used last.</source>
        <translation>Sonst wird die größte Serie im zuletzt benutzten Layout gezeigt.</translation>
    </message>
    <message>
        <source>Out of phase</source>
        <translation>Gegenphase</translation>
    </message>
    <message>
        <source>outbox 0</source>
        <translation>Ausgang 0</translation>
    </message>
    <message>
        <source>Outline or filled</source>
        <translation>Umriss oder gefüllt</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>outside</source>
        <translation>außerhalb</translation>
    </message>
    <message>
        <source>Overlay less opaque</source>
        <translation>Überlagerung durchsichtiger</translation>
    </message>
    <message>
        <source>Overlay more opaque</source>
        <translation>Überlagerung deckender</translation>
    </message>
    <message>
        <source>Overlays of the images stay shown, though it does not ask for them.</source>
        <translation>Overlays der Bilder bleiben sichtbar, obwohl er sie nicht verlangt.</translation>
    </message>
    <message>
        <source>page</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Page on its side</source>
        <translation>Querformat</translation>
    </message>
    <message>
        <source>Page {0} of {1}</source>
        <translation>Seite {0} von {1}</translation>
    </message>
    <message>
        <source>pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Pages of the report</source>
        <translation>Seiten des Befunds</translation>
    </message>
    <message>
        <source>Palette of the overlay</source>
        <translation>Farbpalette der Überlagerung</translation>
    </message>
    <message>
        <source>Panels and screen</source>
        <translation>Tafeln und Schirm</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>Papier</translation>
    </message>
    <message>
        <source>Paper or PDF</source>
        <translation>Papier oder PDF</translation>
    </message>
    <message>
        <source>parts of it were proposed by a model and not scanned</source>
        <translation>Teile davon hat ein Modell vorgeschlagen; sie wurden nicht aufgenommen</translation>
    </message>
    <message>
        <source>parts of one were proposed by a model and not scanned</source>
        <translation>Teile der einen hat ein Modell vorgeschlagen; sie wurden nicht aufgenommen</translation>
    </message>
    <message>
        <source>parts of these images were proposed by a model and not scanned</source>
        <translation>Teile dieser Bilder hat ein Modell vorgeschlagen; sie wurden nicht aufgenommen</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>Passphrase</translation>
    </message>
    <message>
        <source>Passphrase again</source>
        <translation>Passphrase wiederholen</translation>
    </message>
    <message>
        <source>PD</source>
        <translation>PD</translation>
    </message>
    <message>
        <source>PD, axial</source>
        <translation>PD, axial</translation>
    </message>
    <message>
        <source>PD, coronal</source>
        <translation>PD, koronal</translation>
    </message>
    <message>
        <source>PD, sagittal</source>
        <translation>PD, sagittal</translation>
    </message>
    <message>
        <source>PDF, for paper and mail</source>
        <translation>PDF, für Papier und Post</translation>
    </message>
    <message>
        <source>perfusion map</source>
        <translation>perfusion map</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <source>PET</source>
        <translation>PET</translation>
    </message>
    <message>
        <source>PET 20 steps</source>
        <translation>PET, 20 Stufen</translation>
    </message>
    <message>
        <source>PET rainbow</source>
        <translation>PET-Regenbogen</translation>
    </message>
    <message>
        <source>PET, MIP</source>
        <translation>PET, MIP</translation>
    </message>
    <message>
        <source>PET/CT</source>
        <translation>PET/CT</translation>
    </message>
    <message>
        <source>Picture straightened along the line</source>
        <translation>Entlang der Linie gestrecktes Bild</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Pictures per second</source>
        <translation>Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>pink</source>
        <translation>Rosa</translation>
    </message>
    <message>
        <source>pixel spacing</source>
        <translation>Pixelabstand</translation>
    </message>
    <message>
        <source>Pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>Pixel</translation>
    </message>
    <message>
        <source>pixels four times finer</source>
        <translation>viermal feinere Bildpunkte</translation>
    </message>
    <message>
        <source>Place a point of a mark</source>
        <translation>Punkt einer Markierung setzen</translation>
    </message>
    <message>
        <source>Place along the line</source>
        <translation>Ort entlang der Linie</translation>
    </message>
    <message>
        <source>places match where a reader laid the slices together, not by their headers</source>
        <translation>die Orte stimmen, wo ein Befunder die Schichten zueinander gelegt hat, nicht nach den Kopfdaten</translation>
    </message>
    <message>
        <source>Plain text</source>
        <translation>Reiner Text</translation>
    </message>
    <message>
        <source>Plane</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>plane</source>
        <translation>Ebene</translation>
    </message>
    <message>
        <source>Planes are turned in the reformat with three planes.</source>
        <translation>Ebenen werden in der Reformatierung mit drei Ebenen gedreht.</translation>
    </message>
    <message>
        <source>Planes beside</source>
        <translation>Ebenen daneben</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>Points of: {0}</source>
        <translation>Punkte von: {0}</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Polygon</translation>
    </message>
    <message>
        <source>Portal venous</source>
        <translation>Portalvenös</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>Lagerung</translation>
    </message>
    <message>
        <source>position along the slice normal</source>
        <translation>Position entlang der Schichtnormalen</translation>
    </message>
    <message>
        <source>possible</source>
        <translation>möglich</translation>
    </message>
    <message>
        <source>Precise Image</source>
        <translation>Precise Image</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Prelim</source>
        <translation>Prelim</translation>
    </message>
    <message>
        <source>Prelim brings none, and no ffmpeg with one was found</source>
        <translation>Prelim bringt keinen mit, und kein ffmpeg mit einem wurde gefunden</translation>
    </message>
    <message>
        <source>Prelim reads CT and MRI studies, drafts a report on this machine, and leaves the last word to you. It opens no network connection by itself. Your studies stay where they are; reports and worklist are kept encrypted on this machine. It is not a cleared medical device.</source>
        <translation>Prelim liest CT- und MR-Untersuchungen, entwirft auf diesem Rechner einen Befund und überlässt Ihnen das letzte Wort. Von sich aus öffnet es keine Netzverbindung. Ihre Untersuchungen bleiben, wo sie sind; Befunde und Arbeitsliste werden auf diesem Rechner verschlüsselt. Es ist kein zugelassenes Medizinprodukt.</translation>
    </message>
    <message>
        <source>Prelim recovery key</source>
        <translation>Prelim-Wiederherstellungsschlüssel</translation>
    </message>
    <message>
        <source>Prelim's own file, with its history</source>
        <translation>Prelims eigene Datei, mit ihrer Geschichte</translation>
    </message>
    <message>
        <source>Prelim: viewports</source>
        <translation>Prelim: Bildfelder</translation>
    </message>
    <message>
        <source>Preliminary report</source>
        <translation>Vorläufiger Befund</translation>
    </message>
    <message>
        <source>present</source>
        <translation>vorhanden</translation>
    </message>
    <message>
        <source>PRESENTATION STATE</source>
        <translation>PRÄSENTATIONSZUSTAND</translation>
    </message>
    <message>
        <source>Presentation state</source>
        <translation>Präsentationszustand</translation>
    </message>
    <message>
        <source>presentation state</source>
        <translation>Präsentationszustand</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Press a key…</source>
        <translation>Taste drücken …</translation>
    </message>
    <message>
        <source>Press Ctrl+D for a draft. Tab goes to the report, Up and Down walk through it.</source>
        <translation>Strg+D erstellt einen Entwurf. Tab führt zum Befund, Auf und Ab gehen durch ihn.</translation>
    </message>
    <message>
        <source>Press E for less noise. Hold H to see the original. The amber band says what is shown.</source>
        <translation>E mindert das Rauschen. H halten zeigt das Original. Das gelbe Band sagt, was gezeigt wird.</translation>
    </message>
    <message>
        <source>Press Enter to show the evidence first</source>
        <translation>Zuerst mit Enter den Beleg zeigen</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Previous hanging protocol</source>
        <translation>Voriges Hängeprotokoll</translation>
    </message>
    <message>
        <source>Previous mark</source>
        <translation>Vorige Markierung</translation>
    </message>
    <message>
        <source>Previous row</source>
        <translation>Vorige Zeile</translation>
    </message>
    <message>
        <source>Previous series</source>
        <translation>Vorige Serie</translation>
    </message>
    <message>
        <source>Previous slice</source>
        <translation>Vorige Schicht</translation>
    </message>
    <message>
        <source>Previous viewport</source>
        <translation>Voriges Bildfeld</translation>
    </message>
    <message>
        <source>Print the report first</source>
        <translation>Zuerst den Befund drucken</translation>
    </message>
    <message>
        <source>Print them fitted to the page</source>
        <translation>Drucken Sie sie in die Seite eingepasst</translation>
    </message>
    <message>
        <source>Printed with your signature. It may stay empty.</source>
        <translation>Wird mit Ihrer Signatur gedruckt. Darf leer bleiben.</translation>
    </message>
    <message>
        <source>Printed {0} by {1}</source>
        <translation>Gedruckt {0} von {1}</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Drucken …</translation>
    </message>
    <message>
        <source>prior</source>
        <translation>Voruntersuchung</translation>
    </message>
    <message>
        <source>PRIOR {0}</source>
        <translation>VORUNTERSUCHUNG {0}</translation>
    </message>
    <message>
        <source>PRIOR, date not known</source>
        <translation>VORUNTERSUCHUNG, Datum unbekannt</translation>
    </message>
    <message>
        <source>Priors</source>
        <translation>Früheres</translation>
    </message>
    <message>
        <source>Probe</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>projected across the picture; not stored, nothing else is measured on it</source>
        <translation>quer zum Bild projiziert; nicht gespeichert, sonst wird daran nichts gemessen</translation>
    </message>
    <message>
        <source>Propose missing slices</source>
        <translation>Fehlende Schichten vorschlagen</translation>
    </message>
    <message>
        <source>Propose missing slices and lost rows</source>
        <translation>Fehlende Schichten und verlorene Zeilen vorschlagen</translation>
    </message>
    <message>
        <source>Propose the part under the chosen rectangle</source>
        <translation>Den Teil unter dem gewählten Rechteck vorschlagen</translation>
    </message>
    <message>
        <source>proposed by a model and not scanned. Not for measuring.</source>
        <translation>von einem Modell vorgeschlagen und nicht aufgenommen. Nicht zum Messen.</translation>
    </message>
    <message>
        <source>proposed, not decided yet</source>
        <translation>vorgeschlagen, noch nicht entschieden</translation>
    </message>
    <message>
        <source>proposed, not scanned</source>
        <translation>vorgeschlagen, nicht aufgenommen</translation>
    </message>
    <message>
        <source>Proposing what is missing</source>
        <translation>Fehlendes wird vorgeschlagen</translation>
    </message>
    <message>
        <source>Pushed away, it came back to within {0} mm</source>
        <translation>Weggestoßen, kam sie bis auf {0} mm zurück</translation>
    </message>
    <message>
        <source>Quality reduced: 1 of {0} voxels, because of the limits of graphics cards ({1})</source>
        <translation>Qualität verringert: 1 von {0} Voxeln, wegen der Grenzen der Grafikkarten ({1})</translation>
    </message>
    <message>
        <source>Quality reduced: 1 of {0} voxels, because the processor draws {1} million at most</source>
        <translation>Qualität verringert: 1 von {0} Voxeln, weil der Prozessor höchstens {1} Millionen zeichnet</translation>
    </message>
    <message>
        <source>Quality reduced: 1 of {0} voxels, because {1} MB of memory are free</source>
        <translation>Qualität verringert: 1 von {0} Voxeln, weil {1} MB Speicher frei sind</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>question open</source>
        <translation>Frage offen</translation>
    </message>
    <message>
        <source>Questions</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>questions open</source>
        <translation>Fragen offen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Read it as slices in 2D</source>
        <translation>Als Schichten in 2D lesen</translation>
    </message>
    <message>
        <source>Read the images, then write one line. The draft is shown after that.</source>
        <translation>Lesen Sie die Bilder und schreiben Sie dann eine Zeile. Danach wird der Entwurf gezeigt.</translation>
    </message>
    <message>
        <source>Read the original</source>
        <translation>Das Original lesen</translation>
    </message>
    <message>
        <source>Read the original, or choose another model pack</source>
        <translation>Lesen Sie das Original oder wählen Sie ein anderes Modellpaket</translation>
    </message>
    <message>
        <source>Read the slices that were scanned</source>
        <translation>Die aufgenommenen Schichten befunden</translation>
    </message>
    <message>
        <source>read them as 2D slices</source>
        <translation>als 2D-Schichten lesen</translation>
    </message>
    <message>
        <source>read them as 2D slices or resample the series</source>
        <translation>als 2D-Schichten lesen oder die Serie neu berechnen</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>Dateisystem ist schreibgeschützt</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>Befundung</translation>
    </message>
    <message>
        <source>Reading a prior</source>
        <translation>Voruntersuchung wird gelesen</translation>
    </message>
    <message>
        <source>Reading and reporting go on without it</source>
        <translation>Lesen und Befunden gehen ohne sie weiter</translation>
    </message>
    <message>
        <source>Reading and reporting go on; close the 3D view and open it to try again</source>
        <translation>Lesen und Befunden gehen weiter; zum erneuten Versuch die 3D-Ansicht schließen und öffnen</translation>
    </message>
    <message>
        <source>Reading the files…</source>
        <translation>Die Dateien werden gelesen …</translation>
    </message>
    <message>
        <source>Reading the prior…</source>
        <translation>Die Voruntersuchung wird gelesen …</translation>
    </message>
    <message>
        <source>Reading the report</source>
        <translation>Befund wird gelesen</translation>
    </message>
    <message>
        <source>Reading the worklist</source>
        <translation>Arbeitsliste wird gelesen</translation>
    </message>
    <message>
        <source>Reading what came with the images</source>
        <translation>Was mit den Bildern kam, wird gelesen</translation>
    </message>
    <message>
        <source>Reading your key images</source>
        <translation>Ihre Schlüsselbilder werden gelesen</translation>
    </message>
    <message>
        <source>Reading your marks</source>
        <translation>Ihre Markierungen werden gelesen</translation>
    </message>
    <message>
        <source>Received</source>
        <translation>Erhalten</translation>
    </message>
    <message>
        <source>Recipients: none. The signed report is stored on this machine.</source>
        <translation>Empfänger: keine. Der signierte Befund bleibt auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>Rechteck</translation>
    </message>
    <message>
        <source>red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Reformat: three planes</source>
        <translation>Reformatierung: drei Ebenen</translation>
    </message>
    <message>
        <source>reformats are possible</source>
        <translation>Reformatierung möglich</translation>
    </message>
    <message>
        <source>region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Regions</source>
        <translation>Regionen</translation>
    </message>
    <message>
        <source>regions</source>
        <translation>Regionen</translation>
    </message>
    <message>
        <source>Reject</source>
        <translation>Ablehnen</translation>
    </message>
    <message>
        <source>rejected</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>release {0} for {1}</source>
        <translation>{0} loslassen zeigt {1}</translation>
    </message>
    <message>
        <source>Remembering the study</source>
        <translation>Untersuchung wird gemerkt</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove its keys</source>
        <translation>Tasten entfernen</translation>
    </message>
    <message>
        <source>Remove: {0}</source>
        <translation>Entfernen: {0}</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Repeated</source>
        <translation>Wiederholt</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>Required</source>
        <translation>Verlangt</translation>
    </message>
    <message>
        <source>Required: {0}</source>
        <translation>Verlangt: {0}</translation>
    </message>
    <message>
        <source>RESAMPLED</source>
        <translation>NEU BERECHNET</translation>
    </message>
    <message>
        <source>RESAMPLED from tilted or unevenly spaced slices</source>
        <translation>NEU BERECHNET aus gekippten oder ungleich verteilten Schichten</translation>
    </message>
    <message>
        <source>research volume</source>
        <translation>Forschungsvolumen</translation>
    </message>
    <message>
        <source>Research volumes of the brain</source>
        <translation>Forschungsvolumen des Gehirns</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset the view</source>
        <translation>Ansicht zurücksetzen</translation>
    </message>
    <message>
        <source>Reset to ours</source>
        <translation>Auf unsere Fassung zurück</translation>
    </message>
    <message>
        <source>Restore it from a backup, or make a new identity</source>
        <translation>Stellen Sie sie aus einer Sicherung wieder her oder legen Sie eine neue an</translation>
    </message>
    <message>
        <source>Restore the key or the library from your backup</source>
        <translation>Stellen Sie Schlüssel oder Bibliothek aus Ihrer Sicherung wieder her</translation>
    </message>
    <message>
        <source>RGB {0}</source>
        <translation>RGB {0}</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>Rechts</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>Ziehen mit rechts</translation>
    </message>
    <message>
        <source>Right drag on the images.</source>
        <translation>Ziehen mit rechts auf den Bildern.</translation>
    </message>
    <message>
        <source>right side</source>
        <translation>rechte Seite</translation>
    </message>
    <message>
        <source>rigid, not measured</source>
        <translation>starr, nicht gemessen</translation>
    </message>
    <message>
        <source>rigid: turned and moved, not bent</source>
        <translation>starr: gedreht und verschoben, nicht verformt</translation>
    </message>
    <message>
        <source>Rotate by a quarter</source>
        <translation>Um 90° drehen</translation>
    </message>
    <message>
        <source>Rows and columns of the slices are not perpendicular</source>
        <translation>Zeilen und Spalten der Schichten stehen nicht senkrecht aufeinander</translation>
    </message>
    <message>
        <source>rows of 1 slice</source>
        <translation>Zeilen von 1 Schicht</translation>
    </message>
    <message>
        <source>rows of {0} slices</source>
        <translation>Zeilen von {0} Schichten</translation>
    </message>
    <message>
        <source>rows {0} to {1} of slice {2}</source>
        <translation>Zeilen {0} bis {1} von Schicht {2}</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>Regeln</translation>
    </message>
    <message>
        <source>Rules of the series</source>
        <translation>Regeln der Serie</translation>
    </message>
    <message>
        <source>Rules of the study</source>
        <translation>Regeln der Untersuchung</translation>
    </message>
    <message>
        <source>run the check and mend what it blocks</source>
        <translation>prüfen und beheben, was die Prüfung sperrt</translation>
    </message>
    <message>
        <source>Run the task again</source>
        <translation>Die Aufgabe noch einmal starten</translation>
    </message>
    <message>
        <source>Run the task again; if it happens again, remove the model pack</source>
        <translation>Die Aufgabe noch einmal starten; geschieht es wieder, das Modellpaket entfernen</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>sagittal</source>
        <translation>sagittal</translation>
    </message>
    <message>
        <source>Sagittal MIP</source>
        <translation>MIP sagittal</translation>
    </message>
    <message>
        <source>Sagittal {0} of {1}</source>
        <translation>Sagittal {0}/{1}</translation>
    </message>
    <message>
        <source>Save as hanging protocol</source>
        <translation>Als Hängeprotokoll speichern</translation>
    </message>
    <message>
        <source>Save as PDF to print…</source>
        <translation>Als PDF zum Drucken speichern …</translation>
    </message>
    <message>
        <source>Save keys</source>
        <translation>Tasten speichern</translation>
    </message>
    <message>
        <source>Save keys…</source>
        <translation>Tasten speichern …</translation>
    </message>
    <message>
        <source>Save measurements as SR</source>
        <translation>Messungen als SR speichern</translation>
    </message>
    <message>
        <source>Save measurements as SR…</source>
        <translation>Messungen als SR speichern …</translation>
    </message>
    <message>
        <source>Save protocol</source>
        <translation>Protokoll speichern</translation>
    </message>
    <message>
        <source>Save study as DICOM folder or disc image…</source>
        <translation>Untersuchung als DICOM-Ordner oder Disc-Abbild speichern …</translation>
    </message>
    <message>
        <source>Save the keys on the other machine again</source>
        <translation>Speichern Sie die Tasten auf dem anderen Rechner noch einmal</translation>
    </message>
    <message>
        <source>Save the recovery key</source>
        <translation>Wiederherstellungsschlüssel speichern</translation>
    </message>
    <message>
        <source>Save the screen as a protocol</source>
        <translation>Schirm als Protokoll speichern</translation>
    </message>
    <message>
        <source>Save the view as a presentation state</source>
        <translation>Ansicht als Präsentationszustand speichern</translation>
    </message>
    <message>
        <source>Save the view as a presentation state…</source>
        <translation>Ansicht als Präsentationszustand speichern …</translation>
    </message>
    <message>
        <source>Save your key images</source>
        <translation>Ihre Schlüsselbilder speichern</translation>
    </message>
    <message>
        <source>Save your key images…</source>
        <translation>Ihre Schlüsselbilder speichern …</translation>
    </message>
    <message>
        <source>saved</source>
        <translation>gespeichert</translation>
    </message>
    <message>
        <source>Saved as you make them, and shown again with the study.</source>
        <translation>Werden laufend gespeichert und mit der Untersuchung wieder gezeigt.</translation>
    </message>
    <message>
        <source>Saving a presentation state</source>
        <translation>Präsentationszustand wird gespeichert</translation>
    </message>
    <message>
        <source>Saving key images</source>
        <translation>Schlüsselbilder werden gespeichert</translation>
    </message>
    <message>
        <source>Saving measurements</source>
        <translation>Messungen werden gespeichert</translation>
    </message>
    <message>
        <source>Saving the report</source>
        <translation>Befund wird gespeichert</translation>
    </message>
    <message>
        <source>Saving your key images</source>
        <translation>Ihre Schlüsselbilder werden gespeichert</translation>
    </message>
    <message>
        <source>Saving your marks</source>
        <translation>Ihre Markierungen werden gespeichert</translation>
    </message>
    <message>
        <source>Say that it was not assessed, or reject the sentence.</source>
        <translation>Sagen, dass es nicht beurteilt wurde, oder den Satz ablehnen.</translation>
    </message>
    <message>
        <source>Say what is shown</source>
        <translation>Sagen, was gezeigt wird</translation>
    </message>
    <message>
        <source>Say who you are</source>
        <translation>Sagen Sie, wer Sie sind</translation>
    </message>
    <message>
        <source>scan protocol</source>
        <translation>Scanprotokoll</translation>
    </message>
    <message>
        <source>SCANNED</source>
        <translation>AUFGENOMMEN</translation>
    </message>
    <message>
        <source>Scanner table {0}</source>
        <translation>Tabelle {0} des Geräts</translation>
    </message>
    <message>
        <source>Scanner {0}</source>
        <translation>Gerät {0}</translation>
    </message>
    <message>
        <source>Scroll</source>
        <translation>Blättern</translation>
    </message>
    <message>
        <source>scroll</source>
        <translation>Blättern</translation>
    </message>
    <message>
        <source>Scroll by ten</source>
        <translation>Um zehn blättern</translation>
    </message>
    <message>
        <source>Scroll the slices in 2D; lengths and areas inside a slice are right.</source>
        <translation>Schichten in 2D durchblättern; Längen und Flächen innerhalb einer Schicht stimmen.</translation>
    </message>
    <message>
        <source>Scroll the slices in 2D; nothing is measured in millimeters.</source>
        <translation>Schichten in 2D durchblättern; in Millimetern wird nichts gemessen.</translation>
    </message>
    <message>
        <source>scroll them linked</source>
        <translation>gekoppelt durchblättern</translation>
    </message>
    <message>
        <source>Scroll with the wheel. Drag with the right button to change the window; 1 to 9 are presets.</source>
        <translation>Mit dem Rad blättern. Mit der rechten Taste ziehen ändert das Fenster; 1 bis 9 sind Vorgaben.</translation>
    </message>
    <message>
        <source>Scrolling is linked.</source>
        <translation>Blättern ist gekoppelt.</translation>
    </message>
    <message>
        <source>Scrolling is not linked.</source>
        <translation>Blättern ist nicht gekoppelt.</translation>
    </message>
    <message>
        <source>Scrolling the slices is right.</source>
        <translation>Blättern durch die Schichten ist richtig.</translation>
    </message>
    <message>
        <source>Search commands and keys</source>
        <translation>Befehle und Tasten suchen</translation>
    </message>
    <message>
        <source>Search studies</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search studies by name, ID, accession number or text</source>
        <translation>Untersuchungen nach Name, ID, Auftragsnummer oder Text suchen</translation>
    </message>
    <message>
        <source>see item {0}</source>
        <translation>siehe Punkt {0}</translation>
    </message>
    <message>
        <source>see Measures</source>
        <translation>siehe Messungen</translation>
    </message>
    <message>
        <source>Seen from {0}</source>
        <translation>Gesehen von {0}</translation>
    </message>
    <message>
        <source>segmentation</source>
        <translation>Segmentierung</translation>
    </message>
    <message>
        <source>Segmentation, {0}</source>
        <translation>Segmentierung, {0}</translation>
    </message>
    <message>
        <source>Segmentations, structure sets, key images and structured reports that come with the images are listed here.</source>
        <translation>Segmentierungen, Struktursätze, Schlüsselbilder und strukturierte Berichte, die mit den Bildern kommen, stehen hier.</translation>
    </message>
    <message>
        <source>Select a mark first: click its line, or press the period key.</source>
        <translation>Zuerst eine Markierung wählen: ihre Linie anklicken oder die Punkttaste drücken.</translation>
    </message>
    <message>
        <source>Select a region first: the window is made from its values.</source>
        <translation>Zuerst eine Region wählen: Das Fenster wird aus ihren Werten gebildet.</translation>
    </message>
    <message>
        <source>Sent to the printer: {0}.</source>
        <translation>An den Drucker gesendet: {0}.</translation>
    </message>
    <message>
        <source>sentence</source>
        <translation>Satz</translation>
    </message>
    <message>
        <source>sentence waits for you</source>
        <translation>Satz wartet auf Sie</translation>
    </message>
    <message>
        <source>sentences</source>
        <translation>Sätze</translation>
    </message>
    <message>
        <source>sentences wait for you</source>
        <translation>Sätze warten auf Sie</translation>
    </message>
    <message>
        <source>sequence</source>
        <translation>Sequenz</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serien</translation>
    </message>
    <message>
        <source>series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>series (Series Instance UID)</source>
        <translation>die Serie (Series Instance UID)</translation>
    </message>
    <message>
        <source>series description</source>
        <translation>Serienbeschreibung</translation>
    </message>
    <message>
        <source>Series of</source>
        <translation>Serie von</translation>
    </message>
    <message>
        <source>Series with</source>
        <translation>Serie mit</translation>
    </message>
    <message>
        <source>Series {0}</source>
        <translation>Serie {0}</translation>
    </message>
    <message>
        <source>Set aside</source>
        <translation>Beiseitegelegt</translation>
    </message>
    <message>
        <source>Set PRELIM_HOME to a folder that you may write to</source>
        <translation>Setzen Sie PRELIM_HOME auf einen Ordner, in den Sie schreiben dürfen</translation>
    </message>
    <message>
        <source>several of its slices lie at one place</source>
        <translation>mehrere ihrer Schichten liegen am selben Ort</translation>
    </message>
    <message>
        <source>shared with {0} other series</source>
        <translation>gemeinsam mit {0} anderen Serien</translation>
    </message>
    <message>
        <source>Shift and wheel</source>
        <translation>Umschalt und Rad</translation>
    </message>
    <message>
        <source>Shift and wheel on the images.</source>
        <translation>Umschalt und Rad auf den Bildern.</translation>
    </message>
    <message>
        <source>Shift of blocks of 8 x 8 voxels beyond noise</source>
        <translation>Verschiebung von Blöcken aus 8 x 8 Voxeln über das Rauschen hinaus</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen:</translation>
    </message>
    <message>
        <source>show</source>
        <translation>zeigen</translation>
    </message>
    <message>
        <source>Show a gray series first: its window can be kept then.</source>
        <translation>Zuerst eine Graustufenserie anzeigen: Dann lässt sich ihr Fenster merken.</translation>
    </message>
    <message>
        <source>Show a series first, then enhance it.</source>
        <translation>Zuerst eine Serie anzeigen, dann verbessern.</translation>
    </message>
    <message>
        <source>Show a series first, then measure it.</source>
        <translation>Zuerst eine Serie anzeigen, dann messen.</translation>
    </message>
    <message>
        <source>Show a series first.</source>
        <translation>Zuerst eine Serie anzeigen.</translation>
    </message>
    <message>
        <source>Show a series first: another one is laid over it.</source>
        <translation>Zuerst eine Serie anzeigen: Eine andere wird darübergelegt.</translation>
    </message>
    <message>
        <source>Show a series in the frame of reference of this measurement first.</source>
        <translation>Zuerst eine Serie im Bezugssystem dieser Messung anzeigen.</translation>
    </message>
    <message>
        <source>Show a series of the study being read first, then save it.</source>
        <translation>Zuerst eine Serie der befundeten Untersuchung anzeigen, dann speichern.</translation>
    </message>
    <message>
        <source>Show a series of this study first.</source>
        <translation>Zuerst eine Serie dieser Untersuchung anzeigen.</translation>
    </message>
    <message>
        <source>Show beside again</source>
        <translation>Wieder daneben zeigen</translation>
    </message>
    <message>
        <source>Show evidence</source>
        <translation>Beleg zeigen</translation>
    </message>
    <message>
        <source>show evidence first (Enter)</source>
        <translation>zuerst den Beleg zeigen (Enter)</translation>
    </message>
    <message>
        <source>Show how sure the model is</source>
        <translation>Zeigen, wie sicher das Modell ist</translation>
    </message>
    <message>
        <source>Show it in the images (Enter)</source>
        <translation>In den Bildern zeigen (Enter)</translation>
    </message>
    <message>
        <source>Show or hide regions</source>
        <translation>Regionen ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Show or hide what the presentation state draws</source>
        <translation>Zeichnungen des Präsentationszustands ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Show the draft</source>
        <translation>Entwurf zeigen</translation>
    </message>
    <message>
        <source>Show the images this way</source>
        <translation>Die Bilder so zeigen</translation>
    </message>
    <message>
        <source>Show the numbered hints on the demo study</source>
        <translation>Nummerierte Hinweise an der Demo-Untersuchung zeigen</translation>
    </message>
    <message>
        <source>Show the original while held</source>
        <translation>Original zeigen, solange gehalten</translation>
    </message>
    <message>
        <source>Show the other one (blink)</source>
        <translation>Die andere zeigen (Blinken)</translation>
    </message>
    <message>
        <source>Show this point everywhere</source>
        <translation>Diesen Punkt überall zeigen</translation>
    </message>
    <message>
        <source>Show two series side by side first: then they can be linked.</source>
        <translation>Zuerst zwei Serien nebeneinander zeigen: Dann lassen sie sich koppeln.</translation>
    </message>
    <message>
        <source>Show two series side by side that do not share a frame of reference, and wait until both are loaded: then they can be fitted.</source>
        <translation>Zwei Serien ohne gemeinsames Bezugssystem nebeneinander zeigen und warten, bis beide geladen sind: Dann lassen sie sich anpassen.</translation>
    </message>
    <message>
        <source>Show what enhancement changed</source>
        <translation>Zeigen, was die Verbesserung geändert hat</translation>
    </message>
    <message>
        <source>Shown</source>
        <translation>Gezeigt</translation>
    </message>
    <message>
        <source>Shown as stored in {0}.</source>
        <translation>Wie in {0} gespeichert gezeigt.</translation>
    </message>
    <message>
        <source>Shows the series of</source>
        <translation>Zeigt die Serie von</translation>
    </message>
    <message>
        <source>side</source>
        <translation>Seite</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Signieren</translation>
    </message>
    <message>
        <source>Sign addendum</source>
        <translation>Nachtrag signieren</translation>
    </message>
    <message>
        <source>Sign as final</source>
        <translation>Endgültig signieren</translation>
    </message>
    <message>
        <source>Sign as preliminary</source>
        <translation>Vorläufig signieren</translation>
    </message>
    <message>
        <source>Sign it again</source>
        <translation>Noch einmal signieren</translation>
    </message>
    <message>
        <source>Sign with its passphrase, or unlock it with the recovery key</source>
        <translation>Signieren Sie mit ihrer Passphrase oder entsperren Sie sie mit dem Wiederherstellungsschlüssel</translation>
    </message>
    <message>
        <source>signal</source>
        <translation>Signal</translation>
    </message>
    <message>
        <source>signal, in no physical unit</source>
        <translation>Signal, ohne physikalische Einheit</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>Signiert</translation>
    </message>
    <message>
        <source>signed elements are missing from the file</source>
        <translation>signierte Elemente fehlen in der Datei</translation>
    </message>
    <message>
        <source>Signed {0}</source>
        <translation>Signiert {0}</translation>
    </message>
    <message>
        <source>Signing identity…</source>
        <translation>Signaturidentität …</translation>
    </message>
    <message>
        <source>Signing the report</source>
        <translation>Befund wird signiert</translation>
    </message>
    <message>
        <source>Signing…</source>
        <translation>Wird signiert …</translation>
    </message>
    <message>
        <source>Sign…</source>
        <translation>Signieren …</translation>
    </message>
    <message>
        <source>single images</source>
        <translation>einzelne Bilder</translation>
    </message>
    <message>
        <source>Site</source>
        <translation>Lage</translation>
    </message>
    <message>
        <source>Size of all text, from 100 to 200 %.</source>
        <translation>Größe aller Texte, 100 bis 200 %.</translation>
    </message>
    <message>
        <source>sky blue</source>
        <translation>Himmelblau</translation>
    </message>
    <message>
        <source>Slab</source>
        <translation>Dickschicht</translation>
    </message>
    <message>
        <source>Slab and turned planes</source>
        <translation>Dickschicht und gedrehte Ebenen</translation>
    </message>
    <message>
        <source>Slab: MIP, MinIP, mean, off</source>
        <translation>Dickschicht: MIP, MinIP, Mittel, aus</translation>
    </message>
    <message>
        <source>slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>slice is</source>
        <translation>Schicht fehlt</translation>
    </message>
    <message>
        <source>slice spacing</source>
        <translation>Schichtabstand</translation>
    </message>
    <message>
        <source>slice thickness in mm</source>
        <translation>Schichtdicke in mm</translation>
    </message>
    <message>
        <source>Slice {0} could not be read</source>
        <translation>Schicht {0} war nicht lesbar</translation>
    </message>
    <message>
        <source>Slice {0} is a key image.</source>
        <translation>Schicht {0} ist ein Schlüsselbild.</translation>
    </message>
    <message>
        <source>Slice {0} is at the end of the series: nothing is proposed in it.</source>
        <translation>Schicht {0} liegt am Ende der Serie: In ihr wird nichts vorgeschlagen.</translation>
    </message>
    <message>
        <source>Slice {0} is loading</source>
        <translation>Schicht {0} wird geladen</translation>
    </message>
    <message>
        <source>Slice {0} is no key image.</source>
        <translation>Schicht {0} ist kein Schlüsselbild.</translation>
    </message>
    <message>
        <source>Slice {0} of {1}</source>
        <translation>Schicht {0}/{1}</translation>
    </message>
    <message>
        <source>Slice {0} was proposed, not scanned, wholly or in part</source>
        <translation>Schicht {0} wurde ganz oder teilweise vorgeschlagen, nicht aufgenommen</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Slices and cine</source>
        <translation>Schichten und Cine</translation>
    </message>
    <message>
        <source>slices are</source>
        <translation>Schichten fehlen</translation>
    </message>
    <message>
        <source>Slices are missing ({0}): nothing is known of what lay there.</source>
        <translation>Schichten fehlen ({0}): Was dort lag, ist nicht bekannt.</translation>
    </message>
    <message>
        <source>slices are missing in this series</source>
        <translation>in dieser Serie fehlen Schichten</translation>
    </message>
    <message>
        <source>Slices are missing in this series: no volume is measured.</source>
        <translation>In dieser Serie fehlen Schichten: Kein Volumen wird gemessen.</translation>
    </message>
    <message>
        <source>Slices could not be read: nothing is measured across them.</source>
        <translation>Schichten waren nicht lesbar: Über sie hinweg wird nichts gemessen.</translation>
    </message>
    <message>
        <source>slices four times thinner</source>
        <translation>viermal dünnere Schichten</translation>
    </message>
    <message>
        <source>slices of the overlay are missing: nothing is laid over there</source>
        <translation>Schichten der Überlagerung fehlen: Dort liegt nichts darüber</translation>
    </message>
    <message>
        <source>slices of the overlay are not in</source>
        <translation>Schichten der Überlagerung sind nicht geladen</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Kleinerer Text</translation>
    </message>
    <message>
        <source>Soft tissue</source>
        <translation>Weichteile</translation>
    </message>
    <message>
        <source>soft tissue</source>
        <translation>Weichteile</translation>
    </message>
    <message>
        <source>some carry a longer notice than the first</source>
        <translation>einige tragen einen längeren Hinweis als das erste</translation>
    </message>
    <message>
        <source>Some images are said to be of the right side and some of the left.</source>
        <translation>Einige Bilder sollen von der rechten Seite sein und einige von der linken.</translation>
    </message>
    <message>
        <source>Some of your window presets could not be read and were left out.</source>
        <translation>Einige Ihrer Fenstervorgaben waren nicht lesbar und wurden ausgelassen.</translation>
    </message>
    <message>
        <source>Some slices of this series</source>
        <translation>Einige Schichten dieser Serie</translation>
    </message>
    <message>
        <source>something appeared there meanwhile</source>
        <translation>inzwischen ist dort etwas entstanden</translation>
    </message>
    <message>
        <source>something was added to the file after signing</source>
        <translation>nach dem Signieren wurde der Datei etwas hinzugefügt</translation>
    </message>
    <message>
        <source>Sonic DL</source>
        <translation>Sonic DL</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quellbilder</translation>
    </message>
    <message>
        <source>source noise {0} {1}</source>
        <translation>Rauschen der Quelle {0} {1}</translation>
    </message>
    <message>
        <source>spatial frequency, 1/mm</source>
        <translation>Ortsfrequenz, 1/mm</translation>
    </message>
    <message>
        <source>Sphere</source>
        <translation>Kugel</translation>
    </message>
    <message>
        <source>Split: a viewport below this one</source>
        <translation>Teilen: Bildfeld unter diesem</translation>
    </message>
    <message>
        <source>Split: a viewport beside this one</source>
        <translation>Teilen: Bildfeld neben diesem</translation>
    </message>
    <message>
        <source>Stacks</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Standard</source>
        <translation>Standard</translation>
    </message>
    <message>
        <source>Start an addendum to add to it</source>
        <translation>Beginnen Sie zum Ergänzen einen Nachtrag</translation>
    </message>
    <message>
        <source>Starts at</source>
        <translation>Beginnt bei</translation>
    </message>
    <message>
        <source>stated</source>
        <translation>angegeben</translation>
    </message>
    <message>
        <source>Statement {0} has not been reviewed</source>
        <translation>Satz {0} wurde nicht durchgesehen</translation>
    </message>
    <message>
        <source>status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Step {0} mm</source>
        <translation>Schritt {0} mm</translation>
    </message>
    <message>
        <source>STIR, sagittal</source>
        <translation>STIR, sagittal</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>Stopped as you asked</source>
        <translation>Auf Ihren Wunsch angehalten</translation>
    </message>
    <message>
        <source>Stopped; nothing was left behind.</source>
        <translation>Angehalten; nichts wurde hinterlassen.</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>Gespeichert als</translation>
    </message>
    <message>
        <source>Stored at</source>
        <translation>Abgelegt in</translation>
    </message>
    <message>
        <source>Stored table</source>
        <translation>Gespeicherte Tabelle</translation>
    </message>
    <message>
        <source>Stored values cannot be written</source>
        <translation>Gespeicherte Werte können nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Stored values cannot be written so</source>
        <translation>Gespeicherte Werte können so nicht geschrieben werden</translation>
    </message>
    <message>
        <source>Stored values, 16 bit</source>
        <translation>Gespeicherte Werte, 16 Bit</translation>
    </message>
    <message>
        <source>Strength of the enhancement, percent</source>
        <translation>Stärke der Verbesserung in Prozent</translation>
    </message>
    <message>
        <source>Strength on CT</source>
        <translation>Stärke bei CT</translation>
    </message>
    <message>
        <source>Strength on MR</source>
        <translation>Stärke bei MR</translation>
    </message>
    <message>
        <source>Strength: less</source>
        <translation>Stärke: weniger</translation>
    </message>
    <message>
        <source>Strength: light</source>
        <translation>Stärke: leicht</translation>
    </message>
    <message>
        <source>Strength: more</source>
        <translation>Stärke: mehr</translation>
    </message>
    <message>
        <source>Strength: standard</source>
        <translation>Stärke: Standard</translation>
    </message>
    <message>
        <source>Strength: strong</source>
        <translation>Stärke: kräftig</translation>
    </message>
    <message>
        <source>Stroke</source>
        <translation>Schlaganfall</translation>
    </message>
    <message>
        <source>Strong</source>
        <translation>Kräftig</translation>
    </message>
    <message>
        <source>Stronger magnifier</source>
        <translation>Stärkere Lupe</translation>
    </message>
    <message>
        <source>structure set</source>
        <translation>Struktursatz</translation>
    </message>
    <message>
        <source>Structured report</source>
        <translation>Strukturierter Bericht</translation>
    </message>
    <message>
        <source>structured report</source>
        <translation>strukturierter Bericht</translation>
    </message>
    <message>
        <source>Studies</source>
        <translation>Untersuchungen</translation>
    </message>
    <message>
        <source>studies</source>
        <translation>Untersuchungen</translation>
    </message>
    <message>
        <source>Studies or images</source>
        <translation>Untersuchungen oder Bilder</translation>
    </message>
    <message>
        <source>Studies that arrive and jobs that end while you read are listed here.</source>
        <translation>Untersuchungen, die eintreffen, und Aufgaben, die während des Befundens enden, stehen hier.</translation>
    </message>
    <message>
        <source>Study</source>
        <translation>Untersuchung</translation>
    </message>
    <message>
        <source>study</source>
        <translation>Untersuchung</translation>
    </message>
    <message>
        <source>study (Study Instance UID)</source>
        <translation>die Untersuchung (Study Instance UID)</translation>
    </message>
    <message>
        <source>study description</source>
        <translation>Untersuchungsbeschreibung</translation>
    </message>
    <message>
        <source>Study without a date</source>
        <translation>Untersuchung ohne Datum</translation>
    </message>
    <message>
        <source>Study: {0} received, {1} shown, {2} set aside</source>
        <translation>Untersuchung: {0} angekommen, {1} gezeigt, {2} beiseitegelegt</translation>
    </message>
    <message>
        <source>Subdural</source>
        <translation>Subdural</translation>
    </message>
    <message>
        <source>SUV</source>
        <translation>SUV</translation>
    </message>
    <message>
        <source>SUV by body weight, from the dose, the weight and the times that the header states.</source>
        <translation>SUV nach Körpergewicht, aus Dosis, Gewicht und Zeiten der Kopfdaten.</translation>
    </message>
    <message>
        <source>Swift MR</source>
        <translation>Swift MR</translation>
    </message>
    <message>
        <source>system error</source>
        <translation>Systemfehler</translation>
    </message>
    <message>
        <source>T1</source>
        <translation>T1</translation>
    </message>
    <message>
        <source>T1 with contrast</source>
        <translation>T1 mit Kontrastmittel</translation>
    </message>
    <message>
        <source>T1 with contrast, prior</source>
        <translation>T1 mit KM, Voruntersuchung</translation>
    </message>
    <message>
        <source>T1, sagittal</source>
        <translation>T1, sagittal</translation>
    </message>
    <message>
        <source>T2</source>
        <translation>T2</translation>
    </message>
    <message>
        <source>T2*, SWI</source>
        <translation>T2*, SWI</translation>
    </message>
    <message>
        <source>T2, axial</source>
        <translation>T2, axial</translation>
    </message>
    <message>
        <source>T2, coronal</source>
        <translation>T2, koronal</translation>
    </message>
    <message>
        <source>T2, sagittal</source>
        <translation>T2, sagittal</translation>
    </message>
    <message>
        <source>Table and outside air</source>
        <translation>Tisch und Außenluft</translation>
    </message>
    <message>
        <source>Table and outside air can be told apart in axial CT only.</source>
        <translation>Tisch und Außenluft lassen sich nur im axialen CT erkennen.</translation>
    </message>
    <message>
        <source>Table and outside air hidden</source>
        <translation>Tisch und Außenluft ausgeblendet</translation>
    </message>
    <message>
        <source>Take away: {0}</source>
        <translation>Entfernen: {0}</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Take it out</source>
        <translation>Herausnehmen</translation>
    </message>
    <message>
        <source>Take it over</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Take the arrangement on screen</source>
        <translation>Anordnung vom Schirm übernehmen</translation>
    </message>
    <message>
        <source>Take the copy that was made at signing</source>
        <translation>Verwenden Sie die Kopie, die beim Signieren entstand</translation>
    </message>
    <message>
        <source>Take the decision back</source>
        <translation>Entscheidung zurücknehmen</translation>
    </message>
    <message>
        <source>Take the number out, or reject the sentence and write it in your own words.</source>
        <translation>Zahl herausnehmen oder den Satz ablehnen und in eigenen Worten schreiben.</translation>
    </message>
    <message>
        <source>Take this word away (Del)</source>
        <translation>Dieses Wort entfernen (Entf)</translation>
    </message>
    <message>
        <source>Taller viewport</source>
        <translation>Bildfeld höher</translation>
    </message>
    <message>
        <source>TE in ms</source>
        <translation>TE in ms</translation>
    </message>
    <message>
        <source>Technique</source>
        <translation>Technik</translation>
    </message>
    <message>
        <source>Tell the treating doctor, and write whom you told and when.</source>
        <translation>Den behandelnden Arzt benachrichtigen und schreiben, wen und wann.</translation>
    </message>
    <message>
        <source>Ten slices back</source>
        <translation>Zehn Schichten zurück</translation>
    </message>
    <message>
        <source>Ten slices on</source>
        <translation>Zehn Schichten weiter</translation>
    </message>
    <message>
        <source>Text is burned into the pixels; it may name the patient.</source>
        <translation>In die Pixel ist Text eingebrannt; er nennt vielleicht den Patienten.</translation>
    </message>
    <message>
        <source>Text size {0} %.</source>
        <translation>Textgröße {0} %.</translation>
    </message>
    <message>
        <source>Text size, %</source>
        <translation>Textgröße in %</translation>
    </message>
    <message>
        <source>Texts of a presentation state are shown with the marks; they may hold a name.</source>
        <translation>Texte eines Präsentationszustands werden mit den Markierungen gezeigt; sie enthalten vielleicht einen Namen.</translation>
    </message>
    <message>
        <source>That passphrase does not fit. Try again.</source>
        <translation>Diese Passphrase passt nicht. Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>That series is not among what was opened</source>
        <translation>Diese Serie ist nicht unter dem, was geöffnet wurde</translation>
    </message>
    <message>
        <source>The 3D view cannot be drawn</source>
        <translation>Die 3D-Ansicht kann nicht gezeichnet werden</translation>
    </message>
    <message>
        <source>The 3D view got an answer that it cannot read</source>
        <translation>Die 3D-Ansicht erhielt eine Antwort, die sie nicht lesen kann</translation>
    </message>
    <message>
        <source>The 3D view had stopped and was started again.</source>
        <translation>Die 3D-Ansicht war angehalten und wurde neu gestartet.</translation>
    </message>
    <message>
        <source>The 3D view is being prepared.</source>
        <translation>Die 3D-Ansicht wird vorbereitet.</translation>
    </message>
    <message>
        <source>The 3D view shows series of the scanner only.</source>
        <translation>Die 3D-Ansicht zeigt nur Serien des Geräts.</translation>
    </message>
    <message>
        <source>The 3D view stopped twice</source>
        <translation>Die 3D-Ansicht ist zweimal stehen geblieben</translation>
    </message>
    <message>
        <source>The acquired slices are shown as they are; only other planes are resampled.</source>
        <translation>Die Originalschichten werden gezeigt, wie sie sind; nur andere Ebenen werden neu berechnet.</translation>
    </message>
    <message>
        <source>the archive counted</source>
        <translation>das Archiv zählte</translation>
    </message>
    <message>
        <source>The best one</source>
        <translation>Das beste</translation>
    </message>
    <message>
        <source>The best other one is {0} with {1} points.</source>
        <translation>Das beste andere ist {0} mit {1} Punkten.</translation>
    </message>
    <message>
        <source>The birth date is another one in the prior.</source>
        <translation>Das Geburtsdatum ist in der Voruntersuchung ein anderes.</translation>
    </message>
    <message>
        <source>the bits of its pixels contradict each other</source>
        <translation>die Bits ihrer Pixel widersprechen sich</translation>
    </message>
    <message>
        <source>The cell shows the result of the enhancement that the protocol asks for</source>
        <translation>Die Zelle zeigt das Ergebnis der Verbesserung, die das Protokoll verlangt</translation>
    </message>
    <message>
        <source>the certificate has no RSA key of sufficient length</source>
        <translation>das Zertifikat hat keinen RSA-Schlüssel ausreichender Länge</translation>
    </message>
    <message>
        <source>the certificate or the seal is damaged</source>
        <translation>Zertifikat oder Siegel ist beschädigt</translation>
    </message>
    <message>
        <source>The change holds anatomy, in {0} % of the area: fine detail may be smoothed. Compare with the original.</source>
        <translation>Die Änderung enthält Anatomie, auf {0} % der Fläche: feine Einzelheiten können geglättet sein. Vergleichen Sie mit dem Original.</translation>
    </message>
    <message>
        <source>the checker blocks {0} places: {1}</source>
        <translation>die Prüfung sperrt {0} Stellen: {1}</translation>
    </message>
    <message>
        <source>The checker found nothing.</source>
        <translation>Die Prüfung fand nichts.</translation>
    </message>
    <message>
        <source>The chosen tool</source>
        <translation>Das gewählte Werkzeug</translation>
    </message>
    <message>
        <source>The colors are shown with 8 bits; the file has more.</source>
        <translation>Die Farben werden mit 8 Bit gezeigt; die Datei hat mehr.</translation>
    </message>
    <message>
        <source>The colors were converted for the screen and may differ a little.</source>
        <translation>Die Farben wurden für den Schirm umgewandelt und weichen vielleicht etwas ab.</translation>
    </message>
    <message>
        <source>the date and time of the injection cannot be read</source>
        <translation>Datum und Uhrzeit der Injektion sind nicht lesbar</translation>
    </message>
    <message>
        <source>the decoder asked for too much memory</source>
        <translation>der Dekoder verlangte zu viel Speicher</translation>
    </message>
    <message>
        <source>the decoder for compressed images cannot be started on this machine</source>
        <translation>der Dekoder für komprimierte Bilder lässt sich auf diesem Rechner nicht starten</translation>
    </message>
    <message>
        <source>the decoder for {0} is missing from this installation</source>
        <translation>der Dekoder für {0} fehlt in dieser Installation</translation>
    </message>
    <message>
        <source>the decoder stopped while reading it</source>
        <translation>der Dekoder blieb beim Lesen stehen</translation>
    </message>
    <message>
        <source>the decoder took too long for it</source>
        <translation>der Dekoder brauchte zu lange dafür</translation>
    </message>
    <message>
        <source>the decoder was ended while reading it; perhaps memory ran out</source>
        <translation>der Dekoder endete beim Lesen; vielleicht reichte der Speicher nicht</translation>
    </message>
    <message>
        <source>the decoders were ended</source>
        <translation>die Dekoder wurden beendet</translation>
    </message>
    <message>
        <source>The demo study cannot be written</source>
        <translation>Die Demo-Untersuchung kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The derived series cannot be written</source>
        <translation>Die abgeleitete Serie kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The DICOM file cannot be read</source>
        <translation>Die DICOM-Datei kann nicht gelesen werden</translation>
    </message>
    <message>
        <source>The disk cannot be written</source>
        <translation>Der Datenträger kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>the disk refused it</source>
        <translation>die Platte hat es abgelehnt</translation>
    </message>
    <message>
        <source>The display shutters of the slices differ; none is shown.</source>
        <translation>Die Blenden der Schichten sind verschieden; keine wird gezeigt.</translation>
    </message>
    <message>
        <source>The draft is here: {0} to decide on</source>
        <translation>Der Entwurf ist da: {0} zu entscheiden</translation>
    </message>
    <message>
        <source>The draft is made as soon as the images are open.</source>
        <translation>Der Entwurf entsteht, sobald die Bilder offen sind.</translation>
    </message>
    <message>
        <source>The draft stays hidden until you have written one line of your own.</source>
        <translation>Der Entwurf bleibt verborgen, bis Sie eine eigene Zeile geschrieben haben.</translation>
    </message>
    <message>
        <source>the encoder gave a broken file</source>
        <translation>der Encoder lieferte eine beschädigte Datei</translation>
    </message>
    <message>
        <source>the encoder gave no picture sequence</source>
        <translation>der Encoder lieferte keine Bildfolge</translation>
    </message>
    <message>
        <source>The enhanced pictures of {0} were dropped to make room.</source>
        <translation>Die verbesserten Bilder von {0} wurden verworfen, um Platz zu schaffen.</translation>
    </message>
    <message>
        <source>The evidence is marked in the images.</source>
        <translation>Der Beleg ist in den Bildern markiert.</translation>
    </message>
    <message>
        <source>The file cannot be opened</source>
        <translation>Die Datei kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>the file cannot be read ({0})</source>
        <translation>die Datei ist nicht lesbar ({0})</translation>
    </message>
    <message>
        <source>The file cannot be read.</source>
        <translation>Die Datei kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The file cannot be verified</source>
        <translation>Die Datei kann nicht verifiziert werden</translation>
    </message>
    <message>
        <source>The file cannot be written</source>
        <translation>Die Datei kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The file could not be read to its end</source>
        <translation>Die Datei konnte nicht zu Ende gelesen werden</translation>
    </message>
    <message>
        <source>the file does not exist</source>
        <translation>die Datei existiert nicht</translation>
    </message>
    <message>
        <source>The file does not name its unit of length; millimeters are assumed.</source>
        <translation>Die Datei nennt ihre Längeneinheit nicht; Millimeter werden angenommen.</translation>
    </message>
    <message>
        <source>the file does not say how many rows and columns its image has</source>
        <translation>die Datei sagt nicht, wie viele Zeilen und Spalten ihr Bild hat</translation>
    </message>
    <message>
        <source>The file does not say how the voxels lie in the patient: no side is marked, and left and right may be exchanged.</source>
        <translation>Die Datei sagt nicht, wie die Voxel im Patienten liegen: Keine Seite ist bezeichnet, rechts und links sind vielleicht vertauscht.</translation>
    </message>
    <message>
        <source>the file does not say what its numbers mean</source>
        <translation>die Datei sagt nicht, was ihre Zahlen bedeuten</translation>
    </message>
    <message>
        <source>The file does not say what its numbers mean: no unit is shown.</source>
        <translation>Die Datei sagt nicht, was ihre Zahlen bedeuten: Es wird keine Einheit gezeigt.</translation>
    </message>
    <message>
        <source>The file does not say where the volume lies in the patient, only its directions.</source>
        <translation>Die Datei sagt nicht, wo das Volumen im Patienten liegt, nur seine Richtungen.</translation>
    </message>
    <message>
        <source>the file has no {0}, so that no index can list it</source>
        <translation>der Datei fehlt {0}, daher kann kein Index sie aufführen</translation>
    </message>
    <message>
        <source>the file holds no image and no SOP class</source>
        <translation>die Datei enthält kein Bild und keine SOP-Klasse</translation>
    </message>
    <message>
        <source>the file holds no pixel data</source>
        <translation>die Datei enthält keine Pixeldaten</translation>
    </message>
    <message>
        <source>The file holds no usable distance between voxels: nothing is measured.</source>
        <translation>Die Datei enthält keinen verwendbaren Voxelabstand: Nichts wird gemessen.</translation>
    </message>
    <message>
        <source>the file holds only zeros; copy it again from its source</source>
        <translation>die Datei enthält nur Nullen; noch einmal von der Quelle kopieren</translation>
    </message>
    <message>
        <source>The file holds {0} bytes more than its header explains.</source>
        <translation>Die Datei enthält {0} Bytes mehr, als ihre Kopfdaten erklären.</translation>
    </message>
    <message>
        <source>the file is cut or damaged: its header claims more bytes than the file holds</source>
        <translation>die Datei ist abgeschnitten oder beschädigt: Ihre Kopfdaten behaupten mehr Bytes, als die Datei enthält</translation>
    </message>
    <message>
        <source>the file is cut: it ends inside its compressed pixels</source>
        <translation>die Datei ist abgeschnitten: Sie endet in ihren komprimierten Pixeln</translation>
    </message>
    <message>
        <source>the file is cut: it ends inside its header</source>
        <translation>die Datei ist abgeschnitten: Sie endet in ihren Kopfdaten</translation>
    </message>
    <message>
        <source>the file is cut: it ends inside its pixels</source>
        <translation>die Datei ist abgeschnitten: Sie endet in ihren Pixeln</translation>
    </message>
    <message>
        <source>the file is cut: it ends inside its voxels</source>
        <translation>die Datei ist abgeschnitten: Sie endet in ihren Voxeln</translation>
    </message>
    <message>
        <source>the file is cut: it holds {0} of the {1} bytes of its pixels</source>
        <translation>die Datei ist abgeschnitten: Sie enthält {0} der {1} Bytes ihrer Pixel</translation>
    </message>
    <message>
        <source>The file is damaged.</source>
        <translation>Die Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>the file is damaged: a sequence inside it is cut</source>
        <translation>die Datei ist beschädigt: Eine Sequenz darin ist abgeschnitten</translation>
    </message>
    <message>
        <source>the file is damaged: it cannot be read</source>
        <translation>die Datei ist beschädigt: Sie ist nicht lesbar</translation>
    </message>
    <message>
        <source>the file is damaged: its header cannot be read</source>
        <translation>die Datei ist beschädigt: Ihre Kopfdaten sind nicht lesbar</translation>
    </message>
    <message>
        <source>the file is damaged: its voxels do not unpack</source>
        <translation>die Datei ist beschädigt: Ihre Voxel lassen sich nicht entpacken</translation>
    </message>
    <message>
        <source>the file is damaged: reading it took too long and was stopped</source>
        <translation>die Datei ist beschädigt: Das Lesen dauerte zu lange und wurde angehalten</translation>
    </message>
    <message>
        <source>the file is damaged: the library that reads it stopped</source>
        <translation>die Datei ist beschädigt: Die Bibliothek, die sie liest, blieb stehen</translation>
    </message>
    <message>
        <source>the file is damaged: {0}</source>
        <translation>die Datei ist beschädigt: {0}</translation>
    </message>
    <message>
        <source>the file is empty</source>
        <translation>die Datei ist leer</translation>
    </message>
    <message>
        <source>the file is no DICOM image: it names no patient and no study</source>
        <translation>die Datei ist kein DICOM-Bild: Sie nennt keinen Patienten und keine Untersuchung</translation>
    </message>
    <message>
        <source>the file is no longer there</source>
        <translation>die Datei ist nicht mehr da</translation>
    </message>
    <message>
        <source>the file is no longer there, or cannot be read</source>
        <translation>die Datei ist nicht mehr da oder nicht lesbar</translation>
    </message>
    <message>
        <source>The file of keys could not be read.</source>
        <translation>Die Tastendatei konnte nicht gelesen werden.</translation>
    </message>
    <message>
        <source>The file places the volume in two ways, up to {0} mm apart (qform, sform); the {1} is used.</source>
        <translation>Die Datei legt das Volumen an zwei Orte, bis zu {0} mm auseinander (qform, sform); verwendet wird {1}.</translation>
    </message>
    <message>
        <source>The file says that its numbers are labels of a segmentation.</source>
        <translation>Die Datei sagt, dass ihre Zahlen Label einer Segmentierung sind.</translation>
    </message>
    <message>
        <source>The file states two sizes of its voxels (sform, pixdim): nothing is measured.</source>
        <translation>Die Datei nennt zwei Größen ihrer Voxel (sform, pixdim): Nichts wird gemessen.</translation>
    </message>
    <message>
        <source>the file was changed after signing</source>
        <translation>die Datei wurde nach dem Signieren geändert</translation>
    </message>
    <message>
        <source>the file was refused: it claims far more pixels than it can hold</source>
        <translation>die Datei wurde abgelehnt: Sie behauptet weit mehr Pixel, als sie enthalten kann</translation>
    </message>
    <message>
        <source>the file was refused: its header is absurdly large</source>
        <translation>die Datei wurde abgelehnt: Ihre Kopfdaten sind absurd groß</translation>
    </message>
    <message>
        <source>the file was refused: its pixels are in absurdly many pieces</source>
        <translation>die Datei wurde abgelehnt: Ihre Pixel sind in absurd vielen Stücken</translation>
    </message>
    <message>
        <source>the file was refused: one image of it is absurdly large</source>
        <translation>die Datei wurde abgelehnt: Eines ihrer Bilder ist absurd groß</translation>
    </message>
    <message>
        <source>the file was refused: {0}</source>
        <translation>die Datei wurde abgelehnt: {0}</translation>
    </message>
    <message>
        <source>the file with its voxels is not beside it</source>
        <translation>die Datei mit ihren Voxeln liegt nicht daneben</translation>
    </message>
    <message>
        <source>The files name no series, so images that do not belong together may be here.</source>
        <translation>Die Dateien nennen keine Serie, daher sind vielleicht Bilder darunter, die nicht zusammengehören.</translation>
    </message>
    <message>
        <source>The files of this prior are not where they were. Connect the disk they are on, or open the prior from its new place.</source>
        <translation>Die Dateien dieser Voruntersuchung sind nicht mehr dort, wo sie waren. Schließen Sie ihren Datenträger an oder öffnen Sie die Voruntersuchung am neuen Ort.</translation>
    </message>
    <message>
        <source>The files of this study are not where they were. Connect the disk they are on, or open the study from its new place.</source>
        <translation>Die Dateien dieser Untersuchung sind nicht mehr dort, wo sie waren. Schließen Sie ihren Datenträger an oder öffnen Sie die Untersuchung am neuen Ort.</translation>
    </message>
    <message>
        <source>The first nine of a modality have the keys 1 to 9.</source>
        <translation>Die ersten neun einer Modalität haben die Tasten 1 bis 9.</translation>
    </message>
    <message>
        <source>the first slices are being made</source>
        <translation>die ersten Schichten entstehen</translation>
    </message>
    <message>
        <source>The fit has failed: the series do not lie on each other. Discard it.</source>
        <translation>Die Anpassung ist misslungen: Die Serien liegen nicht aufeinander. Verwerfen Sie sie.</translation>
    </message>
    <message>
        <source>The fit is discarded.</source>
        <translation>Die Anpassung ist verworfen.</translation>
    </message>
    <message>
        <source>The fit is here: look at it, then accept or discard.</source>
        <translation>Die Anpassung ist da: ansehen, dann annehmen oder verwerfen.</translation>
    </message>
    <message>
        <source>The fit is in doubt: look closely before you rely on it.</source>
        <translation>Die Anpassung ist zweifelhaft: genau hinsehen, bevor Sie sich darauf verlassen.</translation>
    </message>
    <message>
        <source>The fit is steady and the series are much alike. Look all the same.</source>
        <translation>Die Anpassung ist stabil und die Serien sind sich sehr ähnlich. Sehen Sie trotzdem hin.</translation>
    </message>
    <message>
        <source>The fit was discarded: nothing is laid over any more.</source>
        <translation>Die Anpassung wurde verworfen: Es liegt nichts mehr darüber.</translation>
    </message>
    <message>
        <source>the folder cannot be read ({0})</source>
        <translation>der Ordner ist nicht lesbar ({0})</translation>
    </message>
    <message>
        <source>The folder for settings, keys and packs cannot be made</source>
        <translation>Der Ordner für Einstellungen, Schlüssel und Pakete kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>the folder holds no file</source>
        <translation>der Ordner enthält keine Datei</translation>
    </message>
    <message>
        <source>the folder holds no report.dcm, report.pdf or report.json</source>
        <translation>der Ordner enthält keine report.dcm, report.pdf oder report.json</translation>
    </message>
    <message>
        <source>The gantry was tilted by {0}°, by the places of the slices.{1}</source>
        <translation>Die Gantry war um {0}° gekippt, nach den Orten der Schichten.{1}</translation>
    </message>
    <message>
        <source>the geometry of the machine</source>
        <translation>die Geometrie des Geräts</translation>
    </message>
    <message>
        <source>The hanging protocol cannot be deleted</source>
        <translation>Das Hängeprotokoll kann nicht gelöscht werden</translation>
    </message>
    <message>
        <source>The hanging protocol cannot be saved</source>
        <translation>Das Hängeprotokoll kann nicht gespeichert werden</translation>
    </message>
    <message>
        <source>The hanging protocol is deleted. Undo brings it back.</source>
        <translation>Das Hängeprotokoll ist gelöscht. Rückgängig bringt es zurück.</translation>
    </message>
    <message>
        <source>The hanging protocol is saved.</source>
        <translation>Das Hängeprotokoll ist gespeichert.</translation>
    </message>
    <message>
        <source>The hanging protocol is taken in.</source>
        <translation>Das Hängeprotokoll ist übernommen.</translation>
    </message>
    <message>
        <source>The hanging protocol is written.</source>
        <translation>Das Hängeprotokoll ist geschrieben.</translation>
    </message>
    <message>
        <source>the header does not say to which moment decay was corrected</source>
        <translation>die Kopfdaten sagen nicht, auf welchen Zeitpunkt der Zerfall korrigiert ist</translation>
    </message>
    <message>
        <source>the header does not say what the numbers are</source>
        <translation>die Kopfdaten sagen nicht, was die Zahlen sind</translation>
    </message>
    <message>
        <source>The header does not say whether its pixel size is that of the patient or of the detector: lengths may be too long by the magnification.</source>
        <translation>Die Kopfdaten sagen nicht, ob die Pixelgröße die des Patienten oder des Detektors ist: Längen sind vielleicht um die Vergrößerung zu lang.</translation>
    </message>
    <message>
        <source>the header does not state the day on which the dose was given</source>
        <translation>die Kopfdaten nennen den Tag der Dosis nicht</translation>
    </message>
    <message>
        <source>the header does not state the half-life of the nuclide</source>
        <translation>die Kopfdaten nennen die Halbwertszeit des Nuklids nicht</translation>
    </message>
    <message>
        <source>the header does not state the injected dose</source>
        <translation>die Kopfdaten nennen die injizierte Dosis nicht</translation>
    </message>
    <message>
        <source>the header does not state the time zone of the scan</source>
        <translation>die Kopfdaten nennen die Zeitzone der Aufnahme nicht</translation>
    </message>
    <message>
        <source>the header does not state the weight of the patient</source>
        <translation>die Kopfdaten nennen das Gewicht des Patienten nicht</translation>
    </message>
    <message>
        <source>the header does not state when the dose was given</source>
        <translation>die Kopfdaten sagen nicht, wann die Dosis gegeben wurde</translation>
    </message>
    <message>
        <source>the header does not state when the scan began</source>
        <translation>die Kopfdaten sagen nicht, wann die Aufnahme begann</translation>
    </message>
    <message>
        <source>The header holds a window of a width that cannot be; it is not used.</source>
        <translation>Die Kopfdaten enthalten ein Fenster von unmöglicher Breite; es wird nicht verwendet.</translation>
    </message>
    <message>
        <source>the header holds no factor from counts to activity</source>
        <translation>die Kopfdaten enthalten keinen Faktor von Zählwerten zu Aktivität</translation>
    </message>
    <message>
        <source>the header holds no rescale to Hounsfield units</source>
        <translation>die Kopfdaten enthalten keine Umrechnung in Hounsfield-Einheiten</translation>
    </message>
    <message>
        <source>The header lacks {0}: what is usual was taken.</source>
        <translation>In den Kopfdaten fehlt {0}: Das Übliche wurde angenommen.</translation>
    </message>
    <message>
        <source>The header maps the stored values to {0} by a table, not shown here.</source>
        <translation>Die Kopfdaten bilden die gespeicherten Werte über eine Tabelle auf {0} ab, hier nicht gezeigt.</translation>
    </message>
    <message>
        <source>the header names no unit that can be reported</source>
        <translation>die Kopfdaten nennen keine Einheit, die berichtet werden kann</translation>
    </message>
    <message>
        <source>the header names no unit that can be reported: counts</source>
        <translation>die Kopfdaten nennen keine Einheit, die berichtet werden kann: Zählwerte</translation>
    </message>
    <message>
        <source>the header says nothing about the injection</source>
        <translation>die Kopfdaten sagen nichts über die Injektion</translation>
    </message>
    <message>
        <source>the header says that the numbers are not Hounsfield units</source>
        <translation>die Kopfdaten sagen, dass die Zahlen keine Hounsfield-Einheiten sind</translation>
    </message>
    <message>
        <source>the header states more than one injection</source>
        <translation>die Kopfdaten nennen mehr als eine Injektion</translation>
    </message>
    <message>
        <source>the headers do not name the chest, the abdomen or the head</source>
        <translation>die Header nennen weder Thorax noch Abdomen noch Kopf</translation>
    </message>
    <message>
        <source>The headers do not say how thick the slices are: they are taken to touch each other. Where they overlap or leave gaps, the result is not right.</source>
        <translation>Die Header sagen nicht, wie dick die Schichten sind: es wird angenommen, dass sie aneinander grenzen. Wo sie überlappen oder Lücken lassen, stimmt das Ergebnis nicht.</translation>
    </message>
    <message>
        <source>the headers do not say where the slices are</source>
        <translation>die Kopfdaten sagen nicht, wo die Schichten liegen</translation>
    </message>
    <message>
        <source>The headers do not say where the slices are: nothing can be laid over them.</source>
        <translation>Die Kopfdaten sagen nicht, wo die Schichten liegen: Nichts lässt sich darüberlegen.</translation>
    </message>
    <message>
        <source>The headers do not say where these images lie in the patient, so there are no reformats, no linked views and no orientation letters.</source>
        <translation>Die Kopfdaten sagen nicht, wo diese Bilder im Patienten liegen, daher keine Reformatierung, keine Kopplung und keine Richtungsbuchstaben.</translation>
    </message>
    <message>
        <source>The headers do not say where these slices are: no crosshair here.</source>
        <translation>Die Kopfdaten sagen nicht, wo diese Schichten liegen: hier kein Fadenkreuz.</translation>
    </message>
    <message>
        <source>The headers do not say where these slices are: no line here.</source>
        <translation>Die Kopfdaten sagen nicht, wo diese Schichten liegen: hier keine Linie.</translation>
    </message>
    <message>
        <source>The headers do not say where these slices are: no point.</source>
        <translation>Die Kopfdaten sagen nicht, wo diese Schichten liegen: kein Punkt.</translation>
    </message>
    <message>
        <source>The headers hold no pixel size in millimeters: nothing is measured.</source>
        <translation>Die Kopfdaten enthalten keine Pixelgröße in Millimetern: Nichts wird gemessen.</translation>
    </message>
    <message>
        <source>the headers hold no trustworthy spacing</source>
        <translation>die Kopfdaten enthalten keine verlässlichen Abstände</translation>
    </message>
    <message>
        <source>the headers of one name no frame of reference, so a fit could not say what for</source>
        <translation>die Kopfdaten der einen nennen kein Bezugssystem, eine Anpassung könnte also nicht sagen, wofür sie gilt</translation>
    </message>
    <message>
        <source>The headers say in two places which side of the image is which, and they differ: do not rely on left and right.</source>
        <translation>Die Kopfdaten sagen an zwei Stellen, welche Bildseite welche ist, und widersprechen sich: Verlassen Sie sich nicht auf rechts und links.</translation>
    </message>
    <message>
        <source>the history was changed after signing</source>
        <translation>die Geschichte wurde nach dem Signieren geändert</translation>
    </message>
    <message>
        <source>The image is copied, without the patient's name.</source>
        <translation>Das Bild ist kopiert, ohne den Namen des Patienten.</translation>
    </message>
    <message>
        <source>the images are not corrected for attenuation</source>
        <translation>die Bilder sind nicht schwächungskorrigiert</translation>
    </message>
    <message>
        <source>the images are not corrected for decay</source>
        <translation>die Bilder sind nicht zerfallskorrigiert</translation>
    </message>
    <message>
        <source>The images are numbered from {0} on: the {1} missing, or in another series.</source>
        <translation>Die Bilder sind ab {0} nummeriert: {1} oder in einer anderen Serie.</translation>
    </message>
    <message>
        <source>The images are shown as they were stored.</source>
        <translation>Die Bilder werden wie gespeichert gezeigt.</translation>
    </message>
    <message>
        <source>The images are still loading</source>
        <translation>Die Bilder werden noch geladen</translation>
    </message>
    <message>
        <source>The images are too large for this page at true size</source>
        <translation>Die Bilder sind maßstäblich zu groß für diese Seite</translation>
    </message>
    <message>
        <source>The images carry drawn overlays, not shown here.</source>
        <translation>Die Bilder tragen gezeichnete Overlays, die hier nicht gezeigt werden.</translation>
    </message>
    <message>
        <source>the images lack the identity by which others would find them</source>
        <translation>den Bildern fehlt die Kennung, an der andere sie fänden</translation>
    </message>
    <message>
        <source>The images name different patient positions ({0}).</source>
        <translation>Die Bilder nennen verschiedene Lagerungen ({0}).</translation>
    </message>
    <message>
        <source>The images of this sentence are not in the open study.</source>
        <translation>Die Bilder dieses Satzes sind nicht in der offenen Untersuchung.</translation>
    </message>
    <message>
        <source>The images were compressed with loss.</source>
        <translation>Die Bilder wurden verlustbehaftet komprimiert.</translation>
    </message>
    <message>
        <source>The images were compressed with loss{0}.</source>
        <translation>Die Bilder wurden verlustbehaftet komprimiert{0}.</translation>
    </message>
    <message>
        <source>The impression puts the {0} on the {1} side, the findings on the {2} side.</source>
        <translation>Die Beurteilung legt „{0}“ auf die Seite „{1}“, der Befund auf die Seite „{2}“.</translation>
    </message>
    <message>
        <source>the index demands of it, as {0}, what the file does not say</source>
        <translation>der Index verlangt von ihr als {0}, was die Datei nicht sagt</translation>
    </message>
    <message>
        <source>the index of the disk lists</source>
        <translation>der Index des Datenträgers führt auf</translation>
    </message>
    <message>
        <source>the injected dose is not stated in Bq, as it has to be</source>
        <translation>die injizierte Dosis ist nicht in Bq angegeben, wie sie es sein muss</translation>
    </message>
    <message>
        <source>the injection is later than the scan</source>
        <translation>die Injektion liegt nach der Aufnahme</translation>
    </message>
    <message>
        <source>the injection is too long before the scan to be the right one</source>
        <translation>die Injektion liegt zu lange vor der Aufnahme, um die richtige zu sein</translation>
    </message>
    <message>
        <source>The kept key images of this study cannot be shown</source>
        <translation>Die behaltenen Schlüsselbilder dieser Untersuchung können nicht gezeigt werden</translation>
    </message>
    <message>
        <source>The kept marks of this study cannot be shown</source>
        <translation>Die gespeicherten Markierungen dieser Untersuchung können nicht gezeigt werden</translation>
    </message>
    <message>
        <source>The key images are saved.</source>
        <translation>Die Schlüsselbilder sind gespeichert.</translation>
    </message>
    <message>
        <source>The key {0} was stored for '{1}' and '{2}'; the first has it.</source>
        <translation>Die Taste {0} war für „{1}“ und „{2}“ gespeichert; die erste hat sie.</translation>
    </message>
    <message>
        <source>The keys are loaded.</source>
        <translation>Die Tasten sind geladen.</translation>
    </message>
    <message>
        <source>The keys are saved.</source>
        <translation>Die Tasten sind gespeichert.</translation>
    </message>
    <message>
        <source>The keys could not be saved: {0}.</source>
        <translation>Die Tasten konnten nicht gespeichert werden: {0}.</translation>
    </message>
    <message>
        <source>The keys were not read</source>
        <translation>Die Tasten wurden nicht gelesen</translation>
    </message>
    <message>
        <source>The largest series is shown, in the layout used last.</source>
        <translation>Die größte Serie wird gezeigt, im zuletzt benutzten Layout.</translation>
    </message>
    <message>
        <source>The layout last used for each modality.</source>
        <translation>Das zuletzt benutzte Layout jeder Modalität.</translation>
    </message>
    <message>
        <source>The link by hand is taken away.</source>
        <translation>Die Kopplung von Hand ist gelöst.</translation>
    </message>
    <message>
        <source>The maker shows these values in colors of its own; they are shown in gray.</source>
        <translation>Der Hersteller zeigt diese Werte in eigenen Farben; hier werden sie grau gezeigt.</translation>
    </message>
    <message>
        <source>The measured value is {0}.</source>
        <translation>Der gemessene Wert ist {0}.</translation>
    </message>
    <message>
        <source>The measurements are saved as an unverified structured report.</source>
        <translation>Die Messungen sind als nicht verifizierter strukturierter Bericht gespeichert.</translation>
    </message>
    <message>
        <source>the model is for {0}, not {1}</source>
        <translation>das Modell ist für {0}, nicht für {1}</translation>
    </message>
    <message>
        <source>The model pack "{0}" does not denoise</source>
        <translation>Das Modellpaket „{0}“ mindert kein Rauschen</translation>
    </message>
    <message>
        <source>The model pack "{0}" does not do this</source>
        <translation>Das Modellpaket „{0}“ kann das nicht</translation>
    </message>
    <message>
        <source>the model pack was changed since the result was made</source>
        <translation>das Modellpaket wurde geändert, seit das Ergebnis entstand</translation>
    </message>
    <message>
        <source>the model pack was not calibrated for it</source>
        <translation>das Modellpaket wurde dafür nicht kalibriert</translation>
    </message>
    <message>
        <source>the model was not trained on a {0} profile</source>
        <translation>das Modell wurde nicht mit einem Profil der Form {0} trainiert</translation>
    </message>
    <message>
        <source>the model worker changed voxels that were scanned</source>
        <translation>der Modellprozess hat aufgenommene Voxel verändert</translation>
    </message>
    <message>
        <source>The model worker does not start. Reading, editing and signing still work.</source>
        <translation>Der Modellprozess startet nicht. Lesen, Bearbeiten und Signieren gehen trotzdem.</translation>
    </message>
    <message>
        <source>The model worker gave no pixels</source>
        <translation>Das Modell lieferte keine Pixel</translation>
    </message>
    <message>
        <source>the models are for {0}, not {1}</source>
        <translation>die Modelle sind für {0}, nicht für {1}</translation>
    </message>
    <message>
        <source>The mosaic does not say how far apart its slices are: Slice Thickness is taken for it.</source>
        <translation>Das Mosaik sagt nicht, wie weit seine Schichten auseinanderliegen: Die Schichtdicke wird dafür genommen.</translation>
    </message>
    <message>
        <source>The movie could not be made</source>
        <translation>Der Film konnte nicht erzeugt werden</translation>
    </message>
    <message>
        <source>The movie is written: {0} ({1}, {2} pictures, {3} per second).</source>
        <translation>Der Film ist geschrieben: {0} ({1}, {2} Bilder, {3} pro Sekunde).</translation>
    </message>
    <message>
        <source>The name is spelled otherwise in the prior.</source>
        <translation>Der Name ist in der Voruntersuchung anders geschrieben.</translation>
    </message>
    <message>
        <source>The new passphrase is too short</source>
        <translation>Die neue Passphrase ist zu kurz</translation>
    </message>
    <message>
        <source>The next key you press is taken; Esc gives up.</source>
        <translation>Die nächste Taste gilt; Esc bricht ab.</translation>
    </message>
    <message>
        <source>The noise looks coarser than the scanner made it. Use less strength.</source>
        <translation>Das Rauschen wirkt gröber, als es der Scanner gemacht hat. Nehmen Sie weniger Stärke.</translation>
    </message>
    <message>
        <source>The noise looks finer than the scanner made it. Use less strength.</source>
        <translation>Das Rauschen wirkt feiner, als es der Scanner gemacht hat. Nehmen Sie weniger Stärke.</translation>
    </message>
    <message>
        <source>the noise of this series is not known yet</source>
        <translation>das Rauschen dieser Serie ist noch nicht bekannt</translation>
    </message>
    <message>
        <source>The number "{0}" is in no fact it cites.</source>
        <translation>Die Zahl „{0}“ steht in keinem Fakt, den er anführt.</translation>
    </message>
    <message>
        <source>The numbers are Bq/ml, not SUV</source>
        <translation>Die Zahlen sind Bq/ml, nicht SUV</translation>
    </message>
    <message>
        <source>The numbers are counts</source>
        <translation>Die Zahlen sind Zählwerte</translation>
    </message>
    <message>
        <source>the numbers are not Hounsfield units but {0}</source>
        <translation>die Zahlen sind keine Hounsfield-Einheiten, sondern {0}</translation>
    </message>
    <message>
        <source>The numbers are Philips' displayed values, which are scaled for each image; divided by {0} they are its floating point values, which compare.</source>
        <translation>Die Zahlen sind die angezeigten Werte von Philips, die je Bild skaliert sind; geteilt durch {0} sind sie seine Gleitkommawerte, die vergleichbar sind.</translation>
    </message>
    <message>
        <source>The numbers look like labels of a segmentation, not like an image.</source>
        <translation>Die Zahlen sehen aus wie Label einer Segmentierung, nicht wie ein Bild.</translation>
    </message>
    <message>
        <source>The original is in this study: series {0}.</source>
        <translation>Das Original ist in dieser Untersuchung: Serie {0}.</translation>
    </message>
    <message>
        <source>The original series is not among what was opened.</source>
        <translation>Die Originalserie ist nicht unter dem Geöffneten.</translation>
    </message>
    <message>
        <source>the overlay does not reach this slice</source>
        <translation>die Überlagerung reicht nicht bis zu dieser Schicht</translation>
    </message>
    <message>
        <source>the pack</source>
        <translation>das Paket</translation>
    </message>
    <message>
        <source>The pack that removes noise from CT; empty for the best one.</source>
        <translation>Das Paket, das Rauschen aus CT entfernt; leer für das beste.</translation>
    </message>
    <message>
        <source>The pack that removes noise from MR; empty for the best one.</source>
        <translation>Das Paket, das Rauschen aus MR entfernt; leer für das beste.</translation>
    </message>
    <message>
        <source>The pages are being made…</source>
        <translation>Die Seiten werden erstellt …</translation>
    </message>
    <message>
        <source>the part that draws it ended without an answer, perhaps its graphics driver</source>
        <translation>der Teil, der sie zeichnet, endete ohne Antwort, vielleicht durch seinen Grafiktreiber</translation>
    </message>
    <message>
        <source>The passphrase is too short</source>
        <translation>Die Passphrase ist zu kurz</translation>
    </message>
    <message>
        <source>the passphrase is wrong</source>
        <translation>die Passphrase ist falsch</translation>
    </message>
    <message>
        <source>The passphrase needs at least 8 characters.</source>
        <translation>Die Passphrase braucht mindestens 8 Zeichen.</translation>
    </message>
    <message>
        <source>the path names no file and no folder</source>
        <translation>der Pfad nennt keine Datei und keinen Ordner</translation>
    </message>
    <message>
        <source>The patient's identity is in every file: nothing was taken out.</source>
        <translation>Die Identität des Patienten steht in jeder Datei: Nichts wurde entfernt.</translation>
    </message>
    <message>
        <source>The PDF cannot be read</source>
        <translation>Das PDF ist nicht lesbar</translation>
    </message>
    <message>
        <source>The PDF cannot be written</source>
        <translation>Das PDF kann nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The PDF is far too large to be a report</source>
        <translation>Das PDF ist viel zu groß für einen Befund</translation>
    </message>
    <message>
        <source>The PDF is written: {0} ({1}).</source>
        <translation>Das PDF ist geschrieben: {0} ({1}).</translation>
    </message>
    <message>
        <source>The picture along the line is being made</source>
        <translation>Das Bild entlang der Linie entsteht</translation>
    </message>
    <message>
        <source>the picture claims more pixels than is allowed</source>
        <translation>das Bild behauptet mehr Pixel als erlaubt</translation>
    </message>
    <message>
        <source>the picture file holds several pictures; save them one by one</source>
        <translation>die Bilddatei enthält mehrere Bilder; einzeln speichern</translation>
    </message>
    <message>
        <source>The picture follows</source>
        <translation>Das Bild folgt</translation>
    </message>
    <message>
        <source>the picture is cut: it ends before its last row</source>
        <translation>das Bild ist abgeschnitten: Es endet vor seiner letzten Zeile</translation>
    </message>
    <message>
        <source>the picture is damaged or cut: it cannot be decoded</source>
        <translation>das Bild ist beschädigt oder abgeschnitten: Es lässt sich nicht dekodieren</translation>
    </message>
    <message>
        <source>The picture is not wanted any more</source>
        <translation>Das Bild wird nicht mehr gebraucht</translation>
    </message>
    <message>
        <source>The picture was turned as its camera note (EXIF) says.</source>
        <translation>Das Bild wurde gedreht, wie es sein Kameravermerk (EXIF) sagt.</translation>
    </message>
    <message>
        <source>The pictures may name the patient</source>
        <translation>Die Bilder nennen vielleicht den Patienten</translation>
    </message>
    <message>
        <source>The pictures of this movie differ in size</source>
        <translation>Die Bilder dieses Films sind verschieden groß</translation>
    </message>
    <message>
        <source>The pixel size is that of the detector, not of the patient: nothing is measured.</source>
        <translation>Die Pixelgröße ist die des Detektors, nicht die des Patienten: Nichts wird gemessen.</translation>
    </message>
    <message>
        <source>the pixels have different spacings</source>
        <translation>die Pixel haben verschiedene Abstände</translation>
    </message>
    <message>
        <source>The pixels of this series cannot be decoded</source>
        <translation>Die Pixel dieser Serie lassen sich nicht dekodieren</translation>
    </message>
    <message>
        <source>The preset {0} cannot be used</source>
        <translation>Die Vorgabe {0} kann nicht verwendet werden</translation>
    </message>
    <message>
        <source>The presets of volume rendering are missing or have the same id</source>
        <translation>Die Vorgaben der Volumendarstellung fehlen oder haben dieselbe Kennung</translation>
    </message>
    <message>
        <source>The printer did not start</source>
        <translation>Der Drucker startete nicht</translation>
    </message>
    <message>
        <source>The prior is not among the files at its place any more.</source>
        <translation>Die Voruntersuchung ist nicht mehr unter den Dateien an ihrem Ort.</translation>
    </message>
    <message>
        <source>The proposed slices cannot be written</source>
        <translation>Die vorgeschlagenen Schichten können nicht geschrieben werden</translation>
    </message>
    <message>
        <source>The protocol fits only where this cell finds a series</source>
        <translation>Das Protokoll passt nur, wenn dieses Feld eine Serie findet</translation>
    </message>
    <message>
        <source>The recovery key is saved. Print it, then delete the file.</source>
        <translation>Der Wiederherstellungsschlüssel ist gespeichert. Drucken Sie ihn und löschen Sie dann die Datei.</translation>
    </message>
    <message>
        <source>The regions are hidden.</source>
        <translation>Die Regionen sind ausgeblendet.</translation>
    </message>
    <message>
        <source>The regions are shown.</source>
        <translation>Die Regionen werden gezeigt.</translation>
    </message>
    <message>
        <source>the report</source>
        <translation>Befund</translation>
    </message>
    <message>
        <source>The report cannot be exported so</source>
        <translation>Der Befund kann so nicht exportiert werden</translation>
    </message>
    <message>
        <source>The report cannot be exported to this folder</source>
        <translation>Der Befund kann nicht in diesen Ordner exportiert werden</translation>
    </message>
    <message>
        <source>The report cannot be read</source>
        <translation>Der Befund ist nicht lesbar</translation>
    </message>
    <message>
        <source>The report cannot be signed</source>
        <translation>Der Befund kann nicht signiert werden</translation>
    </message>
    <message>
        <source>The report cannot be written to this folder</source>
        <translation>Der Befund kann nicht in diesen Ordner geschrieben werden</translation>
    </message>
    <message>
        <source>the report changed while it was being signed</source>
        <translation>der Befund änderte sich während des Signierens</translation>
    </message>
    <message>
        <source>The report has no impression.</source>
        <translation>Der Befund hat keine Beurteilung.</translation>
    </message>
    <message>
        <source>The report holds no words.</source>
        <translation>Der Befund enthält keine Worte.</translation>
    </message>
    <message>
        <source>The report is already signed</source>
        <translation>Der Befund ist schon signiert</translation>
    </message>
    <message>
        <source>The report is being opened</source>
        <translation>Der Befund wird geöffnet</translation>
    </message>
    <message>
        <source>The rescale in the header is no number and was left out: the numbers are as stored.</source>
        <translation>Die Umrechnung in den Kopfdaten ist keine Zahl und blieb weg: Die Zahlen sind die gespeicherten.</translation>
    </message>
    <message>
        <source>The result would need more memory than there is</source>
        <translation>Das Ergebnis bräuchte mehr Speicher, als da ist</translation>
    </message>
    <message>
        <source>The scanner already worked against noise here ({0}); the model was not trained on such images. Compare with the original.</source>
        <translation>Hier hat bereits der Scanner das Rauschen vermindert ({0}); mit solchen Bildern wurde das Modell nicht trainiert. Vergleichen Sie mit dem Original.</translation>
    </message>
    <message>
        <source>The scanner computed these images from others: their noise may be smoother than the model expects.</source>
        <translation>Der Scanner hat diese Bilder aus anderen berechnet: Ihr Rauschen kann glatter sein, als das Modell es erwartet.</translation>
    </message>
    <message>
        <source>the scanner counted in its acquisitions</source>
        <translation>das Gerät zählte in seinen Aufnahmen</translation>
    </message>
    <message>
        <source>the scanner cut one object into</source>
        <translation>das Gerät teilte ein Objekt in</translation>
    </message>
    <message>
        <source>the seal does not belong to these words</source>
        <translation>das Siegel gehört nicht zu diesen Worten</translation>
    </message>
    <message>
        <source>The series cannot be laid over another because {0}.</source>
        <translation>Die Serie lässt sich nicht über eine andere legen: {0}.</translation>
    </message>
    <message>
        <source>the series have different sizes, {0}</source>
        <translation>die Serien sind verschieden groß, {0}</translation>
    </message>
    <message>
        <source>The series holds {0} stacks of images: {1}{2}.</source>
        <translation>Die Serie enthält {0} Bildstapel: {1}{2}.</translation>
    </message>
    <message>
        <source>The series holds {0} stacks, such as times or contrasts: only one of them{1} is enhanced. Do not compare its values with those of the others.</source>
        <translation>Die Serie enthält {0} Stapel, etwa Zeitpunkte oder Kontraste: Nur einer davon{1} wird verbessert. Vergleichen Sie seine Werte nicht mit denen der anderen.</translation>
    </message>
    <message>
        <source>The series is incomplete: {0} of its files could not be used.</source>
        <translation>Die Serie ist unvollständig: {0} ihrer Dateien nicht verwendbar.</translation>
    </message>
    <message>
        <source>The series is still loading. Try again when all slices are in.</source>
        <translation>Die Serie wird noch geladen. Wieder versuchen, wenn alle Schichten da sind.</translation>
    </message>
    <message>
        <source>The series is too large to open on this machine</source>
        <translation>Die Serie ist zu groß für diesen Rechner</translation>
    </message>
    <message>
        <source>The series may be incomplete: {0} {1}, {2} came.</source>
        <translation>Die Serie ist vielleicht unvollständig: {0} {1}, {2} kamen.</translation>
    </message>
    <message>
        <source>The series that stays</source>
        <translation>Die Serie, die bleibt</translation>
    </message>
    <message>
        <source>The series that was moved</source>
        <translation>Die Serie, die bewegt wurde</translation>
    </message>
    <message>
        <source>The setting '{0}' was not understood and was reset.</source>
        <translation>Die Einstellung „{0}“ wurde nicht verstanden und zurückgesetzt.</translation>
    </message>
    <message>
        <source>The sex is another one in the prior.</source>
        <translation>Das Geschlecht ist in der Voruntersuchung ein anderes.</translation>
    </message>
    <message>
        <source>the signature does not belong to its certificate</source>
        <translation>die Signatur gehört nicht zu ihrem Zertifikat</translation>
    </message>
    <message>
        <source>The signature was not taken over</source>
        <translation>Die Signatur wurde nicht übernommen</translation>
    </message>
    <message>
        <source>The signed document is not here</source>
        <translation>Das signierte Dokument ist nicht hier</translation>
    </message>
    <message>
        <source>The signed documents in this folder are not of this report</source>
        <translation>Die signierten Dokumente in diesem Ordner gehören nicht zu diesem Befund</translation>
    </message>
    <message>
        <source>The signed report, its PDF and its structured report lie there together. A signed report is never changed; what comes later is an addendum.</source>
        <translation>Der signierte Befund, sein PDF und sein strukturierter Bericht liegen dort zusammen. Ein signierter Befund wird nie geändert; was später kommt, ist ein Nachtrag.</translation>
    </message>
    <message>
        <source>The signing identity cannot be read</source>
        <translation>Die Signaturidentität ist nicht lesbar</translation>
    </message>
    <message>
        <source>The signing identity is damaged</source>
        <translation>Die Signaturidentität ist beschädigt</translation>
    </message>
    <message>
        <source>The signing identity stays locked</source>
        <translation>Die Signaturidentität bleibt gesperrt</translation>
    </message>
    <message>
        <source>The slab is not wanted any more</source>
        <translation>Die Dickschicht wird nicht mehr gebraucht</translation>
    </message>
    <message>
        <source>The slices are loading. The 3D view follows.</source>
        <translation>Die Schichten werden geladen. Die 3D-Ansicht folgt.</translation>
    </message>
    <message>
        <source>The slices are stacked at a slant of {0} degrees; other planes are resampled.</source>
        <translation>Die Schichten sind um {0} Grad schräg gestapelt; andere Ebenen werden neu berechnet.</translation>
    </message>
    <message>
        <source>The slices are tilted by {0} degrees against the stack.</source>
        <translation>Die Schichten sind um {0} Grad gegen den Stapel gekippt.</translation>
    </message>
    <message>
        <source>The slices are unevenly spaced: {0} to {1} mm, mostly {2} mm.{3}</source>
        <translation>Die Schichten sind ungleich verteilt: {0} bis {1} mm, meist {2} mm.{3}</translation>
    </message>
    <message>
        <source>The slices come in {0} parts ({1} mm apart). Each part is made by itself, with its own noise: do not compare noise across the borders.</source>
        <translation>Die Schichten bilden {0} Teile (Abstand {1} mm). Jeder Teil wird für sich berechnet, mit seinem eigenen Rauschen: Rauschen nicht über die Grenzen hinweg vergleichen.</translation>
    </message>
    <message>
        <source>the slices do not share one unit</source>
        <translation>die Schichten haben keine gemeinsame Einheit</translation>
    </message>
    <message>
        <source>The slices name different frames of reference: the series is not linked to others.</source>
        <translation>Die Schichten nennen verschiedene Bezugssysteme: Die Serie ist mit keiner anderen gekoppelt.</translation>
    </message>
    <message>
        <source>The study library cannot be opened</source>
        <translation>Die Bibliothek der Untersuchungen kann nicht geöffnet werden</translation>
    </message>
    <message>
        <source>The SUV of this series is by {0}, not by body weight.</source>
        <translation>Der SUV dieser Serie bezieht sich auf {0}, nicht auf das Körpergewicht.</translation>
    </message>
    <message>
        <source>the system refused it</source>
        <translation>das System hat es abgelehnt</translation>
    </message>
    <message>
        <source>The text in the pixels may leave</source>
        <translation>Text in den Pixeln darf hinaus</translation>
    </message>
    <message>
        <source>the time of the series is later than the acquisition, so that it does not tell to which moment decay was corrected</source>
        <translation>die Zeit der Serie liegt nach der Aufnahme und sagt daher nicht, auf welchen Zeitpunkt der Zerfall korrigiert ist</translation>
    </message>
    <message>
        <source>The two passphrases differ.</source>
        <translation>Die beiden Passphrasen sind verschieden.</translation>
    </message>
    <message>
        <source>The ultrasound image has no single scale in millimeters: nothing is measured.</source>
        <translation>Das Ultraschallbild hat keinen einheitlichen Maßstab in Millimetern: Nichts wird gemessen.</translation>
    </message>
    <message>
        <source>The view cannot be saved as a presentation state</source>
        <translation>Die Ansicht kann nicht als Präsentationszustand gespeichert werden</translation>
    </message>
    <message>
        <source>The view is saved as a presentation state.</source>
        <translation>Die Ansicht ist als Präsentationszustand gespeichert.</translation>
    </message>
    <message>
        <source>The voxel axes are not perpendicular (gantry tilt?)</source>
        <translation>Die Voxelachsen stehen nicht senkrecht aufeinander (Gantry-Kippung?)</translation>
    </message>
    <message>
        <source>The voxels are not rectangular (a sheared grid): shapes are distorted and nothing is measured in millimeters.</source>
        <translation>Die Voxel sind nicht rechtwinklig (geschertes Gitter): Formen sind verzerrt, in Millimetern wird nichts gemessen.</translation>
    </message>
    <message>
        <source>The window is kept as '{0}'.</source>
        <translation>Das Fenster ist als „{0}“ gemerkt.</translation>
    </message>
    <message>
        <source>the words were changed after signing</source>
        <translation>die Worte wurden nach dem Signieren geändert</translation>
    </message>
    <message>
        <source>the zip file cannot be read ({0})</source>
        <translation>die ZIP-Datei ist nicht lesbar ({0})</translation>
    </message>
    <message>
        <source>the zip file ends before this file does</source>
        <translation>die ZIP-Datei endet vor dieser Datei</translation>
    </message>
    <message>
        <source>the zip file holds more than {0} files</source>
        <translation>die ZIP-Datei enthält mehr als {0} Dateien</translation>
    </message>
    <message>
        <source>the zip file holds no file</source>
        <translation>die ZIP-Datei enthält keine Datei</translation>
    </message>
    <message>
        <source>the zip file is damaged at this place</source>
        <translation>die ZIP-Datei ist an dieser Stelle beschädigt</translation>
    </message>
    <message>
        <source>the zip file is damaged; copy it again from its source</source>
        <translation>die ZIP-Datei ist beschädigt; noch einmal von der Quelle kopieren</translation>
    </message>
    <message>
        <source>the zip file unpacks to more than is allowed</source>
        <translation>die ZIP-Datei entpackt sich zu mehr als erlaubt</translation>
    </message>
    <message>
        <source>The {0} holds no words</source>
        <translation>Ohne Worte: {0}</translation>
    </message>
    <message>
        <source>The {0} is not written over what is there</source>
        <translation>Überschrieben wird nichts, was schon da ist ({0})</translation>
    </message>
    <message>
        <source>The {0}: the result is not proven here.</source>
        <translation>{0}: Das Ergebnis ist hier nicht belegt.</translation>
    </message>
    <message>
        <source>their headers name different patients</source>
        <translation>ihre Kopfdaten nennen verschiedene Patienten</translation>
    </message>
    <message>
        <source>their pixels have no reliable size in millimeters</source>
        <translation>ihre Pixel haben keine verlässliche Größe in Millimetern</translation>
    </message>
    <message>
        <source>their record is damaged</source>
        <translation>ihre Aufzeichnung ist beschädigt</translation>
    </message>
    <message>
        <source>their slices lie up to {0} mm apart</source>
        <translation>ihre Schichten liegen bis zu {0} mm auseinander</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>There are no marks in this study.</source>
        <translation>In dieser Untersuchung gibt es keine Markierungen.</translation>
    </message>
    <message>
        <source>There are no values here to make a window from.</source>
        <translation>Hier gibt es keine Werte für ein Fenster.</translation>
    </message>
    <message>
        <source>there are only two slices</source>
        <translation>es gibt nur zwei Schichten</translation>
    </message>
    <message>
        <source>There are too many presets of this modality: delete one first.</source>
        <translation>Zu viele Vorgaben für diese Modalität: Zuerst eine löschen.</translation>
    </message>
    <message>
        <source>there is a disk of that name already</source>
        <translation>ein Datenträger dieses Namens ist schon da</translation>
    </message>
    <message>
        <source>There is already a pack "{0}"</source>
        <translation>Es gibt schon ein Paket „{0}“</translation>
    </message>
    <message>
        <source>There is no 3D view</source>
        <translation>Es gibt keine 3D-Ansicht</translation>
    </message>
    <message>
        <source>There is no DICOM file to write</source>
        <translation>Es gibt keine DICOM-Datei zu schreiben</translation>
    </message>
    <message>
        <source>There is no difference of a stored result: use the curtain.</source>
        <translation>Zu einem gespeicherten Ergebnis gibt es keine Differenz: den Vorhang benutzen.</translation>
    </message>
    <message>
        <source>There is no encoder for movies on this machine</source>
        <translation>Auf diesem Rechner gibt es keinen Encoder für Filme</translation>
    </message>
    <message>
        <source>There is no H.264 encoder on this machine</source>
        <translation>Auf diesem Rechner gibt es keinen H.264-Encoder</translation>
    </message>
    <message>
        <source>There is no image here to copy.</source>
        <translation>Hier gibt es kein Bild zum Kopieren.</translation>
    </message>
    <message>
        <source>There is no mark in this study to save.</source>
        <translation>In dieser Untersuchung gibt es keine Markierung zum Speichern.</translation>
    </message>
    <message>
        <source>There is no other series in this study to lay over this one.</source>
        <translation>In dieser Untersuchung gibt es keine andere Serie zum Überlagern.</translation>
    </message>
    <message>
        <source>There is no report in this folder</source>
        <translation>In diesem Ordner ist kein Befund</translation>
    </message>
    <message>
        <source>There is no room for a second picture in this layout.</source>
        <translation>In diesem Layout ist kein Platz für ein zweites Bild.</translation>
    </message>
    <message>
        <source>there is no shared memory left for {0} MB</source>
        <translation>es sind keine {0} MB gemeinsamer Speicher mehr frei</translation>
    </message>
    <message>
        <source>There is no slice to copy this mark to.</source>
        <translation>Es gibt keine Schicht, auf die diese Markierung kopiert werden kann.</translation>
    </message>
    <message>
        <source>There is not enough free memory for this series</source>
        <translation>Für diese Serie ist nicht genug Speicher frei</translation>
    </message>
    <message>
        <source>There is not enough free memory to enhance this series.</source>
        <translation>Es ist nicht genug Arbeitsspeicher frei, um diese Serie zu verbessern.</translation>
    </message>
    <message>
        <source>there is not enough memory for it</source>
        <translation>dafür reicht der Speicher nicht</translation>
    </message>
    <message>
        <source>There is not enough room for the disk</source>
        <translation>Für den Datenträger ist nicht genug Platz</translation>
    </message>
    <message>
        <source>There is nothing to do again.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>There is nothing to fit</source>
        <translation>Es gibt nichts anzupassen</translation>
    </message>
    <message>
        <source>There is nothing to measure here.</source>
        <translation>Hier gibt es nichts zu messen.</translation>
    </message>
    <message>
        <source>There is nothing to measure on this pair</source>
        <translation>An diesem Paar gibt es nichts zu messen</translation>
    </message>
    <message>
        <source>There is nothing to open</source>
        <translation>Es gibt nichts zu öffnen</translation>
    </message>
    <message>
        <source>there is nothing to save</source>
        <translation>es gibt nichts zu speichern</translation>
    </message>
    <message>
        <source>There is nothing to verify</source>
        <translation>Es gibt nichts zu verifizieren</translation>
    </message>
    <message>
        <source>There is one model pack for this only.</source>
        <translation>Dafür gibt es nur ein Modellpaket.</translation>
    </message>
    <message>
        <source>There is one screen: the window with viewports stands on it.</source>
        <translation>Es gibt nur einen Schirm: Das Fenster mit Bildfeldern steht darauf.</translation>
    </message>
    <message>
        <source>there is only one slice</source>
        <translation>es gibt nur eine Schicht</translation>
    </message>
    <message>
        <source>There is too little even tissue to measure the noise power spectrum.</source>
        <translation>Es gibt zu wenig gleichmäßiges Gewebe, um das Rauschleistungsspektrum zu messen.</translation>
    </message>
    <message>
        <source>these images are in color, and a grayscale state is about gray ones</source>
        <translation>diese Bilder sind farbig, und ein Graustufenzustand gilt für graue</translation>
    </message>
    <message>
        <source>These images cannot be printed at true size</source>
        <translation>Diese Bilder lassen sich nicht maßstäblich drucken</translation>
    </message>
    <message>
        <source>these images did not come as DICOM</source>
        <translation>diese Bilder kamen nicht als DICOM</translation>
    </message>
    <message>
        <source>These images name no patient: nothing is drafted, signed or sent about them.</source>
        <translation>Diese Bilder nennen keinen Patienten: Nichts wird darüber entworfen, signiert oder gesendet.</translation>
    </message>
    <message>
        <source>These series are not fitted to each other</source>
        <translation>Diese Serien werden nicht aneinander angepasst</translation>
    </message>
    <message>
        <source>These series have no common frame of reference. Fit them to each other first, and accept the fit.</source>
        <translation>Diese Serien haben kein gemeinsames Bezugssystem. Passen Sie sie zuerst aneinander an und nehmen Sie die Anpassung an.</translation>
    </message>
    <message>
        <source>These slices are not a regular grid</source>
        <translation>Diese Schichten bilden kein regelmäßiges Gitter</translation>
    </message>
    <message>
        <source>these slices are parts of one image (a mosaic)</source>
        <translation>diese Schichten sind Teile eines Bildes (eines Mosaiks)</translation>
    </message>
    <message>
        <source>These slices cannot be reformatted</source>
        <translation>Diese Schichten lassen sich nicht reformatieren</translation>
    </message>
    <message>
        <source>These slices cannot be taken apart</source>
        <translation>Diese Schichten lassen sich nicht teilen</translation>
    </message>
    <message>
        <source>These slices repeat the places of others, and no header says why they differ.</source>
        <translation>Diese Schichten wiederholen die Orte anderer, und keine Kopfdaten sagen, warum sie verschieden sind.</translation>
    </message>
    <message>
        <source>they are tilted, unevenly spaced, or carry no millimeters</source>
        <translation>sie sind gekippt, ungleich verteilt oder ohne Millimeter</translation>
    </message>
    <message>
        <source>they can be made of series of single CT or MR images only</source>
        <translation>das geht nur bei Serien aus einzelnen CT- oder MR-Bildern</translation>
    </message>
    <message>
        <source>they measure {0} x {1} mm</source>
        <translation>sie messen {0} x {1} mm</translation>
    </message>
    <message>
        <source>Thicker slab</source>
        <translation>Dickere Dickschicht</translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation>Dicke</translation>
    </message>
    <message>
        <source>Thickness of the slab</source>
        <translation>Dicke der Dickschicht</translation>
    </message>
    <message>
        <source>Thickness {0} mm</source>
        <translation>Schichtdicke {0} mm</translation>
    </message>
    <message>
        <source>Thinner slab</source>
        <translation>Dünnere Dickschicht</translation>
    </message>
    <message>
        <source>Thinner slices</source>
        <translation>Dünne Schichten</translation>
    </message>
    <message>
        <source>thinner slices</source>
        <translation>dünnere Schichten</translation>
    </message>
    <message>
        <source>this computer has no OpenGL that works without a window</source>
        <translation>dieser Rechner hat kein OpenGL, das ohne Fenster arbeitet</translation>
    </message>
    <message>
        <source>This did not work because of a fault in Prelim</source>
        <translation>Das gelang wegen eines Fehlers in Prelim nicht</translation>
    </message>
    <message>
        <source>This file names no patient and no study: for research reading only, no report can be made.</source>
        <translation>Diese Datei nennt keinen Patienten und keine Untersuchung: nur zur Forschung zu lesen, kein Befund möglich.</translation>
    </message>
    <message>
        <source>This image could not be drawn. Show another slice or open the study again.</source>
        <translation>Dieses Bild konnte nicht gezeichnet werden. Zeigen Sie eine andere Schicht oder öffnen Sie die Untersuchung neu.</translation>
    </message>
    <message>
        <source>this is a compressed file (gzip); unpack it first</source>
        <translation>das ist eine komprimierte Datei (gzip); zuerst entpacken</translation>
    </message>
    <message>
        <source>this is a JPEG picture, not a DICOM file</source>
        <translation>das ist ein JPEG-Bild, keine DICOM-Datei</translation>
    </message>
    <message>
        <source>This is a localizer picture, not a cross section.</source>
        <translation>Das ist ein Lokalisator, kein Schnittbild.</translation>
    </message>
    <message>
        <source>this is a mosaic that does not say how many slices it holds</source>
        <translation>das ist ein Mosaik, das nicht sagt, wie viele Schichten es enthält</translation>
    </message>
    <message>
        <source>this is a mosaic that does not say where its slices are</source>
        <translation>das ist ein Mosaik, das nicht sagt, wo seine Schichten liegen</translation>
    </message>
    <message>
        <source>this is a PDF document, not a DICOM file</source>
        <translation>das ist ein PDF-Dokument, keine DICOM-Datei</translation>
    </message>
    <message>
        <source>This is a picture, not a DICOM image: it has no millimeters, and text burned into its pixels may name a patient.</source>
        <translation>Das ist eine Bilddatei, kein DICOM-Bild: Sie hat keine Millimeter, und Text in den Pixeln nennt vielleicht einen Patienten.</translation>
    </message>
    <message>
        <source>this is a PNG picture, not a DICOM file</source>
        <translation>das ist ein PNG-Bild, keine DICOM-Datei</translation>
    </message>
    <message>
        <source>This is a screen capture: text burned into its pixels may name the patient.</source>
        <translation>Das ist eine Bildschirmaufnahme: Eingebrannter Text nennt vielleicht den Patienten.</translation>
    </message>
    <message>
        <source>this is a tiled image that does not say where its slices are</source>
        <translation>das ist ein gekacheltes Bild, das nicht sagt, wo seine Schichten liegen</translation>
    </message>
    <message>
        <source>this is a tiled image whose size does not fit its tiles</source>
        <translation>das ist ein gekacheltes Bild, dessen Größe nicht zu seinen Kacheln passt</translation>
    </message>
    <message>
        <source>this is a video, not an image</source>
        <translation>das ist ein Video, kein Bild</translation>
    </message>
    <message>
        <source>this is an Analyze image, which does not say which side is left; save it as NIfTI where its orientation is known</source>
        <translation>das ist ein Analyze-Bild, das nicht sagt, welche Seite links ist; als NIfTI speichern, wo die Orientierung bekannt ist</translation>
    </message>
    <message>
        <source>this is an archive; give it the ending .zip, or unpack it first</source>
        <translation>das ist ein Archiv; geben Sie ihm die Endung .zip oder entpacken Sie es zuerst</translation>
    </message>
    <message>
        <source>This is no file of keys that this program saved</source>
        <translation>Das ist keine Tastendatei dieses Programms</translation>
    </message>
    <message>
        <source>this is not a DICOM file</source>
        <translation>das ist keine DICOM-Datei</translation>
    </message>
    <message>
        <source>This is not a draft that Prelim can read</source>
        <translation>Das ist kein Entwurf, den Prelim lesen kann</translation>
    </message>
    <message>
        <source>This is not a PDF</source>
        <translation>Das ist kein PDF</translation>
    </message>
    <message>
        <source>This is not a report that Prelim can read</source>
        <translation>Das ist kein Befund, den Prelim lesen kann</translation>
    </message>
    <message>
        <source>This is one time of a time series: its values change with the model from here on.</source>
        <translation>Dies ist ein Zeitpunkt einer Zeitreihe: Das Modell verändert ihre Werte.</translation>
    </message>
    <message>
        <source>this is the index of a disk (DICOMDIR); the files it lists are read themselves</source>
        <translation>das ist der Index eines Datenträgers (DICOMDIR); die Dateien darin werden selbst gelesen</translation>
    </message>
    <message>
        <source>this is the index of a disk (DICOMDIR); {0}</source>
        <translation>das ist der Index eines Datenträgers (DICOMDIR); {0}</translation>
    </message>
    <message>
        <source>This key image is not in the open study.</source>
        <translation>Dieses Schlüsselbild ist nicht in der offenen Untersuchung.</translation>
    </message>
    <message>
        <source>This machine has not enough free memory</source>
        <translation>Dieser Rechner hat nicht genug freien Speicher</translation>
    </message>
    <message>
        <source>This model pack does not say how sure it is.</source>
        <translation>Dieses Modellpaket sagt nicht, wie sicher es ist.</translation>
    </message>
    <message>
        <source>This model pack is refused</source>
        <translation>Dieses Modellpaket wird abgewiesen</translation>
    </message>
    <message>
        <source>This protocol finds too few of its series in the open study.</source>
        <translation>Dieses Protokoll findet zu wenige seiner Serien in der offenen Untersuchung.</translation>
    </message>
    <message>
        <source>This rate cannot be shown</source>
        <translation>Diese Rate kann nicht gezeigt werden</translation>
    </message>
    <message>
        <source>This reader already has a signing identity</source>
        <translation>Dieser Befunder hat schon eine Signaturidentität</translation>
    </message>
    <message>
        <source>This report file is damaged</source>
        <translation>Diese Befunddatei ist beschädigt</translation>
    </message>
    <message>
        <source>This report file was changed outside of Prelim</source>
        <translation>Diese Befunddatei wurde außerhalb von Prelim geändert</translation>
    </message>
    <message>
        <source>This report has its draft already.</source>
        <translation>Dieser Befund hat seinen Entwurf schon.</translation>
    </message>
    <message>
        <source>This report is not signed. Each copy says PRELIMINARY - NOT SIGNED.</source>
        <translation>Dieser Befund ist nicht signiert. Auf jeder Kopie steht PRELIMINARY - NOT SIGNED.</translation>
    </message>
    <message>
        <source>This report is signed. The copies say by whom and when.</source>
        <translation>Dieser Befund ist signiert. Die Kopien nennen, von wem und wann.</translation>
    </message>
    <message>
        <source>This sentence has no place in the images.</source>
        <translation>Dieser Satz hat keinen Ort in den Bildern.</translation>
    </message>
    <message>
        <source>This series cannot be enhanced</source>
        <translation>Diese Serie lässt sich nicht verbessern</translation>
    </message>
    <message>
        <source>This series cannot be fitted to another one</source>
        <translation>Diese Serie lässt sich nicht an eine andere anpassen</translation>
    </message>
    <message>
        <source>This series has no 3D view</source>
        <translation>Diese Serie hat keine 3D-Ansicht</translation>
    </message>
    <message>
        <source>This series is not measured</source>
        <translation>Diese Serie wird nicht gemessen</translation>
    </message>
    <message>
        <source>This series is not resampled</source>
        <translation>Diese Serie wird nicht umgerechnet</translation>
    </message>
    <message>
        <source>This slice could not be read: nothing is measured on it.</source>
        <translation>Diese Schicht war nicht lesbar: An ihr wird nichts gemessen.</translation>
    </message>
    <message>
        <source>This slice is still loading.</source>
        <translation>Diese Schicht wird noch geladen.</translation>
    </message>
    <message>
        <source>this slice was not scanned</source>
        <translation>diese Schicht wurde nicht aufgenommen</translation>
    </message>
    <message>
        <source>This slice, every stored pixel</source>
        <translation>Diese Schicht, jedes gespeicherte Pixel</translation>
    </message>
    <message>
        <source>This statement cannot be accepted yet</source>
        <translation>Dieser Satz kann noch nicht angenommen werden</translation>
    </message>
    <message>
        <source>This study is later than the one being read.</source>
        <translation>Diese Untersuchung ist später als die, die befundet wird.</translation>
    </message>
    <message>
        <source>This viewport alone, or all</source>
        <translation>Dieses Bildfeld allein oder alle</translation>
    </message>
    <message>
        <source>This viewport as seen</source>
        <translation>Dieses Bildfeld wie gesehen</translation>
    </message>
    <message>
        <source>This whole image was {0}</source>
        <translation>Dieses ganze Bild wurde {0}</translation>
    </message>
    <message>
        <source>Three fingers</source>
        <translation>Drei Finger</translation>
    </message>
    <message>
        <source>Three planes show one series. Choose another layout to fill it.</source>
        <translation>Drei Ebenen zeigen eine Serie. Zum Füllen ein anderes Layout wählen.</translation>
    </message>
    <message>
        <source>TI in ms</source>
        <translation>TI in ms</translation>
    </message>
    <message>
        <source>TIFF</source>
        <translation>TIFF</translation>
    </message>
    <message>
        <source>time, as all lie at one place</source>
        <translation>Zeit, da alle an einem Ort liegen</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Title of the protocol</source>
        <translation>Titel des Protokolls</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>to and fro</source>
        <translation>hin und her</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>Zusammen</translation>
    </message>
    <message>
        <source>told in the patient, not on one image</source>
        <translation>im Patienten angegeben, nicht auf einem Bild</translation>
    </message>
    <message>
        <source>Too much is missing around slice {0}: nothing is proposed in it.</source>
        <translation>Um Schicht {0} fehlt zu viel: In ihr wird nichts vorgeschlagen.</translation>
    </message>
    <message>
        <source>Too uncertain to be written as a sentence. Yes opens a line of your own.</source>
        <translation>Zu unsicher für einen Satz. Ja öffnet eine eigene Zeile.</translation>
    </message>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
    <message>
        <source>top {0}</source>
        <translation>oben {0}</translation>
    </message>
    <message>
        <source>total variation</source>
        <translation>Totale Variation</translation>
    </message>
    <message>
        <source>Touch</source>
        <translation>Touch</translation>
    </message>
    <message>
        <source>TR in ms</source>
        <translation>TR in ms</translation>
    </message>
    <message>
        <source>Tracked as</source>
        <translation>Verfolgt als</translation>
    </message>
    <message>
        <source>training needs torch, which is not installed</source>
        <translation>das Training braucht torch, das nicht installiert ist</translation>
    </message>
    <message>
        <source>Transparent parts of the picture are shown on black.</source>
        <translation>Durchsichtige Teile des Bildes werden auf Schwarz gezeigt.</translation>
    </message>
    <message>
        <source>True size: 1 mm is 1 mm</source>
        <translation>Maßstäblich: 1 mm ist 1 mm</translation>
    </message>
    <message>
        <source>trusted</source>
        <translation>verlässlich</translation>
    </message>
    <message>
        <source>Try again when the line above is full</source>
        <translation>Versuchen Sie es wieder, wenn die Linie oben voll ist</translation>
    </message>
    <message>
        <source>Turn the other planes back</source>
        <translation>Andere Ebenen zurückdrehen</translation>
    </message>
    <message>
        <source>Turn the other planes clockwise</source>
        <translation>Andere Ebenen im Uhrzeigersinn drehen</translation>
    </message>
    <message>
        <source>Turned by {0} degrees, origin moved by {1} mm</source>
        <translation>Um {0} Grad gedreht, Ursprung um {1} mm verschoben</translation>
    </message>
    <message>
        <source>Turned {0}°, {1} mm wide</source>
        <translation>Um {0}° gedreht, {1} mm breit</translation>
    </message>
    <message>
        <source>Turntable</source>
        <translation>Drehteller</translation>
    </message>
    <message>
        <source>Two diameters</source>
        <translation>Zwei Durchmesser</translation>
    </message>
    <message>
        <source>Two fingers across</source>
        <translation>Zwei Finger quer</translation>
    </message>
    <message>
        <source>Two fingers down or up</source>
        <translation>Zwei Finger ab oder auf</translation>
    </message>
    <message>
        <source>Two fingers together or apart</source>
        <translation>Zwei Finger zusammen oder auseinander</translation>
    </message>
    <message>
        <source>two slices have the same position</source>
        <translation>zwei Schichten haben dieselbe Position</translation>
    </message>
    <message>
        <source>Two viewports</source>
        <translation>Zwei Bildfelder</translation>
    </message>
    <message>
        <source>Type center and width, as in 40/400; the width is above 0.</source>
        <translation>Mitte und Breite eingeben, z. B. 40/400; die Breite ist größer als 0.</translation>
    </message>
    <message>
        <source>Type it again, or use the recovery key that was printed at first run</source>
        <translation>Geben Sie sie noch einmal ein oder verwenden Sie den Wiederherstellungsschlüssel vom ersten Start</translation>
    </message>
    <message>
        <source>Type the window</source>
        <translation>Fenster eingeben</translation>
    </message>
    <message>
        <source>uncertain</source>
        <translation>unsicher</translation>
    </message>
    <message>
        <source>Under way</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo the deletion</source>
        <translation>Löschen rückgängig</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Entsperren</translation>
    </message>
    <message>
        <source>Unlocking</source>
        <translation>Wird entsperrt</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Upper end of the overlay's window</source>
        <translation>Oberes Ende des Fensters der Überlagerung</translation>
    </message>
    <message>
        <source>Use one of these: {0}</source>
        <translation>Nehmen Sie eines von diesen: {0}</translation>
    </message>
    <message>
        <source>Use that version</source>
        <translation>Verwenden Sie diese Fassung</translation>
    </message>
    <message>
        <source>Use the copy in the library or draft again</source>
        <translation>Verwenden Sie die Kopie in der Bibliothek oder entwerfen Sie neu</translation>
    </message>
    <message>
        <source>Use the copy that was made at signing, or ask the signer</source>
        <translation>Verwenden Sie die Kopie vom Signieren oder fragen Sie, wer signiert hat</translation>
    </message>
    <message>
        <source>Use the draft.json that prelim draft wrote</source>
        <translation>Verwenden Sie die draft.json, die prelim draft schrieb</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Values are not HU</source>
        <translation>Die Werte sind keine HU</translation>
    </message>
    <message>
        <source>Values under this are transparent</source>
        <translation>Werte darunter sind durchsichtig</translation>
    </message>
    <message>
        <source>very likely</source>
        <translation>sehr wahrscheinlich</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Viewport</source>
        <translation>Bildfeld</translation>
    </message>
    <message>
        <source>Viewports</source>
        <translation>Bildfelder</translation>
    </message>
    <message>
        <source>Viewports on another screen</source>
        <translation>Bildfelder auf einem anderen Schirm</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Volumes, densities and other measures of the open series will stand here, each with its unit and the slices it was taken from. They are always taken on the original pixels.</source>
        <translation>Volumen, Dichten und andere Maße der offenen Serie stehen hier, jedes mit seiner Einheit und den Schichten, aus denen es stammt. Sie werden immer an den Originalpixeln genommen.</translation>
    </message>
    <message>
        <source>voxels are missing in {0} of its slices</source>
        <translation>in {0} ihrer Schichten fehlen Voxel</translation>
    </message>
    <message>
        <source>VTK is not installed</source>
        <translation>VTK ist nicht installiert</translation>
    </message>
    <message>
        <source>VTK, the part that draws volumes, is not installed</source>
        <translation>VTK, der Teil, der Volumen zeichnet, ist nicht installiert</translation>
    </message>
    <message>
        <source>Wait until the enhancement is complete</source>
        <translation>Warten Sie, bis die Verbesserung fertig ist</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>waits for its turn</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>Weaker magnifier</source>
        <translation>Schwächere Lupe</translation>
    </message>
    <message>
        <source>Weighted</source>
        <translation>Gewichtet</translation>
    </message>
    <message>
        <source>Welcome to Prelim</source>
        <translation>Willkommen bei Prelim</translation>
    </message>
    <message>
        <source>What is new</source>
        <translation>Was neu ist</translation>
    </message>
    <message>
        <source>What leaves</source>
        <translation>Was hinausgeht</translation>
    </message>
    <message>
        <source>What marks the outside of the scanned field cannot be told from values inside it.</source>
        <translation>Was außerhalb des Messfelds liegt, ist von Werten darin nicht zu unterscheiden.</translation>
    </message>
    <message>
        <source>What the object says</source>
        <translation>Was das Objekt sagt</translation>
    </message>
    <message>
        <source>What this machine can do</source>
        <translation>Was dieser Rechner kann</translation>
    </message>
    <message>
        <source>What was proposed is thrown away</source>
        <translation>Der Vorschlag wird verworfen</translation>
    </message>
    <message>
        <source>What was received</source>
        <translation>Was ankam</translation>
    </message>
    <message>
        <source>What you look at stays as it is; E shows the result when it is ready.</source>
        <translation>Was Sie ansehen, bleibt, wie es ist; E zeigt das Ergebnis, wenn es fertig ist.</translation>
    </message>
    <message>
        <source>What you want to open cannot be read</source>
        <translation>Was Sie öffnen wollen, ist nicht lesbar</translation>
    </message>
    <message>
        <source>What you want to open is not there</source>
        <translation>Was Sie öffnen wollen, ist nicht da</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Rad</translation>
    </message>
    <message>
        <source>Wheel on the images.</source>
        <translation>Rad auf den Bildern.</translation>
    </message>
    <message>
        <source>When nothing is open, Sign shows the pages that will leave, and asks for your passphrase.</source>
        <translation>Wenn nichts mehr offen ist, zeigt Signieren die Seiten, die hinausgehen, und fragt nach der Passphrase.</translation>
    </message>
    <message>
        <source>Where an instance lacks what the index demands, the index holds a value made here; the instance itself is as received.</source>
        <translation>Wo einem Objekt fehlt, was der Index verlangt, steht im Index ein hier erzeugter Wert; das Objekt selbst ist, wie es kam.</translation>
    </message>
    <message>
        <source>Where the last ones were written; the output panel proposes it.</source>
        <translation>Wohin zuletzt geschrieben wurde; die Ausgabe schlägt ihn vor.</translation>
    </message>
    <message>
        <source>Where windows with viewports stood, and their layouts.</source>
        <translation>Wo Fenster mit Bildfeldern standen, und ihre Layouts.</translation>
    </message>
    <message>
        <source>Whether the first page has been answered.</source>
        <translation>Ob die erste Seite beantwortet ist.</translation>
    </message>
    <message>
        <source>Which pictures</source>
        <translation>Welche Bilder</translation>
    </message>
    <message>
        <source>While a study is on screen</source>
        <translation>Solange eine Untersuchung gezeigt wird</translation>
    </message>
    <message>
        <source>white</source>
        <translation>Weiß</translation>
    </message>
    <message>
        <source>White ground, saves ink</source>
        <translation>Weißer Grund, spart Tinte</translation>
    </message>
    <message>
        <source>Who are you?</source>
        <translation>Wer sind Sie?</translation>
    </message>
    <message>
        <source>Whoever holds it can sign in your name: keep it locked away.</source>
        <translation>Wer ihn hat, kann in Ihrem Namen signieren: Halten Sie ihn unter Verschluss.</translation>
    </message>
    <message>
        <source>Wider viewport</source>
        <translation>Bildfeld breiter</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Window from the darkest 1 % to the brightest 0.5 % of the values on show.</source>
        <translation>Fenster von den dunkelsten 1 % bis zu den hellsten 0,5 % der gezeigten Werte.</translation>
    </message>
    <message>
        <source>Window from the region</source>
        <translation>Fenster aus der Region</translation>
    </message>
    <message>
        <source>Window from the whole slice</source>
        <translation>Fenster aus der ganzen Schicht</translation>
    </message>
    <message>
        <source>Window from what is on show</source>
        <translation>Fenster aus dem gezeigten Ausschnitt</translation>
    </message>
    <message>
        <source>Window preset</source>
        <translation>Fenstervorgabe</translation>
    </message>
    <message>
        <source>Window preset 1</source>
        <translation>Fenstervorgabe 1</translation>
    </message>
    <message>
        <source>Window preset 2</source>
        <translation>Fenstervorgabe 2</translation>
    </message>
    <message>
        <source>Window preset 3</source>
        <translation>Fenstervorgabe 3</translation>
    </message>
    <message>
        <source>Window preset 4</source>
        <translation>Fenstervorgabe 4</translation>
    </message>
    <message>
        <source>Window preset 5</source>
        <translation>Fenstervorgabe 5</translation>
    </message>
    <message>
        <source>Window preset 6</source>
        <translation>Fenstervorgabe 6</translation>
    </message>
    <message>
        <source>Window preset 7</source>
        <translation>Fenstervorgabe 7</translation>
    </message>
    <message>
        <source>Window preset 8</source>
        <translation>Fenstervorgabe 8</translation>
    </message>
    <message>
        <source>Window preset 9</source>
        <translation>Fenstervorgabe 9</translation>
    </message>
    <message>
        <source>Window presets</source>
        <translation>Fenstervorgaben</translation>
    </message>
    <message>
        <source>Window: center/width</source>
        <translation>Fenster: Mitte/Breite</translation>
    </message>
    <message>
        <source>Windows are linked.</source>
        <translation>Fenster sind gekoppelt.</translation>
    </message>
    <message>
        <source>Windows are not linked.</source>
        <translation>Fenster sind nicht gekoppelt.</translation>
    </message>
    <message>
        <source>With corner texts and scale</source>
        <translation>Mit Bildtexten und Maßstab</translation>
    </message>
    <message>
        <source>With marks and regions</source>
        <translation>Mit Markierungen und Regionen</translation>
    </message>
    <message>
        <source>With name and dates</source>
        <translation>Mit Name und Daten</translation>
    </message>
    <message>
        <source>With the prior another protocol fits: {0}</source>
        <translation>Mit der Voruntersuchung passt ein anderes Protokoll: {0}</translation>
    </message>
    <message>
        <source>within, in {0} % of cases</source>
        <translation>so nah in {0} % der Fälle</translation>
    </message>
    <message>
        <source>without a stated unit</source>
        <translation>ohne angegebene Einheit</translation>
    </message>
    <message>
        <source>word on what it is (SOP Class UID)</source>
        <translation>die Angabe, was sie ist (SOP Class UID)</translation>
    </message>
    <message>
        <source>Words of the mark</source>
        <translation>Text der Markierung</translation>
    </message>
    <message>
        <source>Words of the mark…</source>
        <translation>Text der Markierung …</translation>
    </message>
    <message>
        <source>Words of the series</source>
        <translation>Wörter der Serie</translation>
    </message>
    <message>
        <source>Words of the study</source>
        <translation>Wörter der Untersuchung</translation>
    </message>
    <message>
        <source>Words, then Enter</source>
        <translation>Text, dann Enter</translation>
    </message>
    <message>
        <source>Working out how sure the model is</source>
        <translation>Es wird berechnet, wie sicher das Modell ist</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Write a sentence</source>
        <translation>Satz schreiben</translation>
    </message>
    <message>
        <source>write at least one sentence under {0}</source>
        <translation>mindestens einen Satz unter {0} schreiben</translation>
    </message>
    <message>
        <source>Write at least one sentence.</source>
        <translation>Mindestens einen Satz schreiben.</translation>
    </message>
    <message>
        <source>Write disc image</source>
        <translation>Disc-Abbild schreiben</translation>
    </message>
    <message>
        <source>Write folder</source>
        <translation>Ordner schreiben</translation>
    </message>
    <message>
        <source>Write here</source>
        <translation>Hier schreiben</translation>
    </message>
    <message>
        <source>Write PDF</source>
        <translation>PDF schreiben</translation>
    </message>
    <message>
        <source>Write what the findings mean, in a sentence.</source>
        <translation>In einem Satz schreiben, was der Befund bedeutet.</translation>
    </message>
    <message>
        <source>Write {0} as the fact {1} has it.</source>
        <translation>{0} schreiben, wie der Fakt {1} es hat.</translation>
    </message>
    <message>
        <source>Write “{0}”</source>
        <translation>„{0}“ schreiben</translation>
    </message>
    <message>
        <source>Writing a DICOM disk</source>
        <translation>DICOM-Datenträger wird geschrieben</translation>
    </message>
    <message>
        <source>Writing a movie</source>
        <translation>Film wird geschrieben</translation>
    </message>
    <message>
        <source>Writing pictures</source>
        <translation>Bilder werden geschrieben</translation>
    </message>
    <message>
        <source>Writing…</source>
        <translation>Wird geschrieben …</translation>
    </message>
    <message>
        <source>Written beside each decision you take in a report, and printed with your signature.</source>
        <translation>Steht neben jeder Ihrer Entscheidungen im Befund und wird mit Ihrer Signatur gedruckt.</translation>
    </message>
    <message>
        <source>written by a model</source>
        <translation>von einem Modell geschrieben</translation>
    </message>
    <message>
        <source>yellow</source>
        <translation>Gelb</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>yes, it may name the patient</source>
        <translation>ja, er nennt vielleicht den Patienten</translation>
    </message>
    <message>
        <source>yes, ratio not stated</source>
        <translation>ja, Verhältnis nicht angegeben</translation>
    </message>
    <message>
        <source>yes, {0} : 1</source>
        <translation>ja, {0} : 1</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>you have no permission to look into its folder</source>
        <translation>Ihnen fehlt das Recht, in seinen Ordner zu sehen</translation>
    </message>
    <message>
        <source>you have no permission to read this file</source>
        <translation>Ihnen fehlt das Recht, diese Datei zu lesen</translation>
    </message>
    <message>
        <source>You have no signing identity on this machine yet.</source>
        <translation>Sie haben auf diesem Rechner noch keine Signaturidentität.</translation>
    </message>
    <message>
        <source>You sign as {0}.</source>
        <translation>Sie signieren als {0}.</translation>
    </message>
    <message>
        <source>Your hospital or practice</source>
        <translation>Ihre Klinik oder Praxis</translation>
    </message>
    <message>
        <source>Your impression</source>
        <translation>Ihre Beurteilung</translation>
    </message>
    <message>
        <source>Your impression first</source>
        <translation>Zuerst Ihre Beurteilung</translation>
    </message>
    <message>
        <source>Your key images</source>
        <translation>Ihre Schlüsselbilder</translation>
    </message>
    <message>
        <source>Your key images are not saved yet.</source>
        <translation>Ihre Schlüsselbilder sind noch nicht gespeichert.</translation>
    </message>
    <message>
        <source>Your marks</source>
        <translation>Ihre Markierungen</translation>
    </message>
    <message>
        <source>Your marks are not saved yet.</source>
        <translation>Ihre Markierungen sind noch nicht gespeichert.</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Ihr Name</translation>
    </message>
    <message>
        <source>Your name is printed under each report you sign. The passphrase protects your signature; a few words with spaces are good. It cannot be looked up by anybody.</source>
        <translation>Ihr Name steht unter jedem Befund, den Sie signieren. Die Passphrase schützt Ihre Signatur; einige Wörter mit Leerzeichen sind gut. Niemand kann sie nachschlagen.</translation>
    </message>
    <message>
        <source>Your own</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>your own words</source>
        <translation>Ihre eigenen Worte</translation>
    </message>
    <message>
        <source>Your recovery key</source>
        <translation>Ihr Wiederherstellungsschlüssel</translation>
    </message>
    <message>
        <source>Your settings could not be read and were reset. The old file was kept beside.</source>
        <translation>Ihre Einstellungen waren nicht lesbar und wurden zurückgesetzt. Die alte Datei liegt daneben.</translation>
    </message>
    <message>
        <source>Your settings could not be saved</source>
        <translation>Ihre Einstellungen konnten nicht gespeichert werden</translation>
    </message>
    <message>
        <source>Your window presets</source>
        <translation>Ihre Fenstervorgaben</translation>
    </message>
    <message>
        <source>Your window presets; empty for those everybody begins with.</source>
        <translation>Ihre Fenstervorgaben; leer für die, mit denen alle beginnen.</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Zoom and place</source>
        <translation>Zoom und Ort</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom is linked.</source>
        <translation>Zoom ist gekoppelt.</translation>
    </message>
    <message>
        <source>Zoom is not linked.</source>
        <translation>Zoom ist nicht gekoppelt.</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Zoom {0} %</source>
        <translation>Zoom {0} %</translation>
    </message>
    <message>
        <source>{0}  ({1} points)</source>
        <translation>{0}  ({1} Punkte)</translation>
    </message>
    <message>
        <source>{0}  same as {1}</source>
        <translation>{0}  gleich {1}</translation>
    </message>
    <message>
        <source>{0}  {1}: {2}; window {3}</source>
        <translation>{0}  {1}: {2}; Fenster {3}</translation>
    </message>
    <message>
        <source>{0} % of the smaller scan lie inside the other</source>
        <translation>{0} % des kleineren Scans liegen im anderen</translation>
    </message>
    <message>
        <source>{0} another image, or the place of one.</source>
        <translation>{0} ein anderes Bild oder dessen Ort.</translation>
    </message>
    <message>
        <source>{0} beside the images, under Objects</source>
        <translation>{0} neben den Bildern, unter Objekte</translation>
    </message>
    <message>
        <source>{0} Black and white may be exchanged.</source>
        <translation>{0} Schwarz und Weiß sind vielleicht vertauscht.</translation>
    </message>
    <message>
        <source>{0} broke its promise in every slice</source>
        <translation>{0} hat sein Versprechen in jeder Schicht gebrochen</translation>
    </message>
    <message>
        <source>{0} came with the images: F7 lists them.</source>
        <translation>{0} kam mit den Bildern: F7 listet es auf.</translation>
    </message>
    <message>
        <source>{0} came without images: F7 lists them.</source>
        <translation>{0} kam ohne Bilder: F7 listet es auf.</translation>
    </message>
    <message>
        <source>{0} file</source>
        <translation>{0} Datei</translation>
    </message>
    <message>
        <source>{0} files</source>
        <translation>{0} Dateien</translation>
    </message>
    <message>
        <source>{0} files came without file meta information; it was put before them.</source>
        <translation>{0} Dateien kamen ohne Datei-Metainformation; sie wurde vorangestellt.</translation>
    </message>
    <message>
        <source>{0} files have</source>
        <translation>{0} Dateien haben</translation>
    </message>
    <message>
        <source>{0} has none of {1}</source>
        <translation>{0} hat keines von {1}</translation>
    </message>
    <message>
        <source>{0} has one of {1}</source>
        <translation>{0} hat eines von {1}</translation>
    </message>
    <message>
        <source>{0} images before are</source>
        <translation>{0} Bilder davor fehlen</translation>
    </message>
    <message>
        <source>{0} images repeat</source>
        <translation>{0} Bilder wiederholen</translation>
    </message>
    <message>
        <source>{0} in {1}</source>
        <translation>{0} in {1}</translation>
    </message>
    <message>
        <source>{0} is from {1} to {2}</source>
        <translation>{0} ist {1} bis {2}</translation>
    </message>
    <message>
        <source>{0} is made once, at signing, and cannot be made again</source>
        <translation>{0} entsteht einmal, beim Signieren, und kein zweites Mal</translation>
    </message>
    <message>
        <source>{0} is not as the contract says ({1})</source>
        <translation>{0} entspricht nicht der Vereinbarung ({1})</translation>
    </message>
    <message>
        <source>{0} is not ready for this slice</source>
        <translation>{0} ist für diese Schicht noch nicht fertig</translation>
    </message>
    <message>
        <source>{0} is not stated</source>
        <translation>{0} ist nicht angegeben</translation>
    </message>
    <message>
        <source>{0} is now '{1}'.</source>
        <translation>{0} ist jetzt „{1}“.</translation>
    </message>
    <message>
        <source>{0} is stated</source>
        <translation>{0} ist angegeben</translation>
    </message>
    <message>
        <source>{0} is used by '{1}' ({2}).</source>
        <translation>{0} gehört schon zu „{1}“ ({2}).</translation>
    </message>
    <message>
        <source>{0} is {1}</source>
        <translation>{0} ist {1}</translation>
    </message>
    <message>
        <source>{0} is {1} mm; the model was trained on {2} to {3} mm</source>
        <translation>{0} ist {1} mm; das Modell wurde mit {2} bis {3} mm trainiert</translation>
    </message>
    <message>
        <source>{0} means '{1}' in the images and cannot be given away.</source>
        <translation>{0} bedeutet „{1}“ in den Bildern und kann nicht vergeben werden.</translation>
    </message>
    <message>
        <source>{0} missing</source>
        <translation>{0} fehlen</translation>
    </message>
    <message>
        <source>{0} mm across the line</source>
        <translation>{0} mm quer zur Linie</translation>
    </message>
    <message>
        <source>{0} mm along the line</source>
        <translation>{0} mm entlang der Linie</translation>
    </message>
    <message>
        <source>{0} mm pixels</source>
        <translation>Pixel von {0} mm</translation>
    </message>
    <message>
        <source>{0} numbers have more digits than are kept here (7 digits).</source>
        <translation>{0} Zahlen haben mehr Stellen, als hier behalten werden (7 Stellen).</translation>
    </message>
    <message>
        <source>{0} of its compound figures come without the plain ones; not drawn.</source>
        <translation>{0} seiner zusammengesetzten Figuren kommen ohne die einfachen; nicht gezeichnet.</translation>
    </message>
    <message>
        <source>{0} of its figures and texts are damaged or of a kind not drawn here.</source>
        <translation>{0} seiner Figuren und Texte sind beschädigt oder von einer Art, die hier nicht gezeichnet wird.</translation>
    </message>
    <message>
        <source>{0} of the {1} files it lists {2} not there</source>
        <translation>{0} der {1} Dateien, die er nennt, {2} nicht da</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>{0} of {1} cells find their series</source>
        <translation>{0} von {1} Feldern finden ihre Serie</translation>
    </message>
    <message>
        <source>{0} of {1} files are in {2}, with an index.</source>
        <translation>{0} von {1} Dateien sind in {2}, mit Index.</translation>
    </message>
    <message>
        <source>{0} of {1} files did not pass</source>
        <translation>{0} von {1} Dateien haben nicht bestanden</translation>
    </message>
    <message>
        <source>{0} of {1} files keep the encoding they came in (compressed or implicit), which the general purpose CD profile does not ask every viewer to read.</source>
        <translation>{0} von {1} Dateien behalten die Kodierung, in der sie kamen (komprimiert oder implizit); das allgemeine CD-Profil verlangt nicht von jedem Betrachter, sie zu lesen.</translation>
    </message>
    <message>
        <source>{0} of {1} files shown</source>
        <translation>{0} von {1} Dateien gezeigt</translation>
    </message>
    <message>
        <source>{0} of {1} images here</source>
        <translation>{0} von {1} Bildern hier</translation>
    </message>
    <message>
        <source>{0} of {1} images in these files are shown</source>
        <translation>{0} von {1} Bildern in diesen Dateien werden gezeigt</translation>
    </message>
    <message>
        <source>{0} of {1} mm along the line</source>
        <translation>{0} von {1} mm entlang der Linie</translation>
    </message>
    <message>
        <source>{0} of {1} series are shown; Space shows the next one.</source>
        <translation>{0} von {1} Serien werden gezeigt; die Leertaste zeigt die nächste.</translation>
    </message>
    <message>
        <source>{0} of {1} slices</source>
        <translation>{0} von {1} Schichten</translation>
    </message>
    <message>
        <source>{0} of {1} slices are loaded; black parts are still to come</source>
        <translation>{0} von {1} Schichten sind geladen; schwarze Teile kommen noch</translation>
    </message>
    <message>
        <source>{0} of {1} slices seen</source>
        <translation>{0} von {1} Schichten gesehen</translation>
    </message>
    <message>
        <source>{0} of {1}, last changed {2}, are shown again.</source>
        <translation>{0} von {1}, zuletzt geändert {2}, werden wieder gezeigt.</translation>
    </message>
    <message>
        <source>{0} outside the scan</source>
        <translation>{0} außerhalb des Scans</translation>
    </message>
    <message>
        <source>{0} over {1}</source>
        <translation>{0} über {1}</translation>
    </message>
    <message>
        <source>{0} over {1}, {2} %</source>
        <translation>{0} über {1}, {2} %</translation>
    </message>
    <message>
        <source>{0} points: {1}.</source>
        <translation>{0} Punkte: {1}.</translation>
    </message>
    <message>
        <source>{0} processor cores, {1} GB of memory, {2} GB of disk free</source>
        <translation>{0} Prozessorkerne, {1} GB Arbeitsspeicher, {2} GB Platz frei</translation>
    </message>
    <message>
        <source>{0} proposed, not scanned</source>
        <translation>{0} vorgeschlagen, nicht aufgenommen</translation>
    </message>
    <message>
        <source>{0} received, {1} shown, {2} set aside</source>
        <translation>{0} angekommen, {1} gezeigt, {2} beiseitegelegt</translation>
    </message>
    <message>
        <source>{0} right of the line</source>
        <translation>{0} rechts der Linie</translation>
    </message>
    <message>
        <source>{0} series have no partner of the other dose</source>
        <translation>{0} Serien haben keinen Partner mit der anderen Dosis</translation>
    </message>
    <message>
        <source>{0} series share a place with others of the same dose</source>
        <translation>{0} Serien liegen am selben Ort wie andere mit derselben Dosis</translation>
    </message>
    <message>
        <source>{0} set aside</source>
        <translation>{0} beiseitegelegt</translation>
    </message>
    <message>
        <source>{0} slice is missing after slice {1} of {2}</source>
        <translation>{0} Schicht fehlt nach Schicht {1} von {2}</translation>
    </message>
    <message>
        <source>{0} slices</source>
        <translation>{0} Schichten</translation>
    </message>
    <message>
        <source>{0} slices are missing after slice {1} of {2}</source>
        <translation>{0} Schichten fehlen nach Schicht {1} von {2}</translation>
    </message>
    <message>
        <source>{0} slices are missing in a row after slice {1}: more than {2} are not proposed.</source>
        <translation>Nach Schicht {1} fehlen {0} Schichten hintereinander: Mehr als {2} werden nicht vorgeschlagen.</translation>
    </message>
    <message>
        <source>{0} slices are plain interpolation: the model gave no usable numbers for them.</source>
        <translation>{0} Schichten sind einfache Interpolation: Das Modell gab für sie keine brauchbaren Zahlen.</translation>
    </message>
    <message>
        <source>{0} slices behind each other; not stored, nothing is measured on it</source>
        <translation>{0} Schichten hintereinander; nicht gespeichert, daran wird nichts gemessen</translation>
    </message>
    <message>
        <source>{0} slices could not be decoded and are</source>
        <translation>{0} Schichten konnten nicht dekodiert werden und werden</translation>
    </message>
    <message>
        <source>{0} slices could not be read, the first is {1}</source>
        <translation>{0} Schichten waren nicht lesbar, die erste ist {1}</translation>
    </message>
    <message>
        <source>{0} slices have a little less or more noise than the model was trained on: the result is not proven there.</source>
        <translation>{0} Schichten haben etwas weniger oder mehr Rauschen, als das Modell gelernt hat: Das Ergebnis ist dort nicht geprüft.</translation>
    </message>
    <message>
        <source>{0} slices left as the original</source>
        <translation>{0} Schichten wie im Original belassen</translation>
    </message>
    <message>
        <source>{0} slices stay as scanned: the model broke its promise there.</source>
        <translation>{0} Schichten bleiben wie aufgenommen: das Modell hat dort seine Zusage nicht gehalten.</translation>
    </message>
    <message>
        <source>{0} slices stay as scanned: the model cannot be used on them.</source>
        <translation>{0} Schichten bleiben wie aufgenommen: Das Modell ist auf sie nicht anwendbar.</translation>
    </message>
    <message>
        <source>{0} slices stay the original</source>
        <translation>{0} Schichten bleiben das Original</translation>
    </message>
    <message>
        <source>{0} slices were proposed, not scanned, wholly or in part; the first is {1}</source>
        <translation>{0} Schichten wurden ganz oder teilweise vorgeschlagen, nicht aufgenommen; die erste ist {1}</translation>
    </message>
    <message>
        <source>{0} stacks</source>
        <translation>{0} Stapel</translation>
    </message>
    <message>
        <source>{0} the identity of another one, but other pixels: all are shown.</source>
        <translation>{0} die Kennung einer anderen, aber andere Pixel: Alle werden gezeigt.</translation>
    </message>
    <message>
        <source>{0} to {1} pictures per second can be had</source>
        <translation>möglich sind {0} bis {1} Bilder pro Sekunde</translation>
    </message>
    <message>
        <source>{0} voxels hold no number; they are shown black and left out of figures.</source>
        <translation>{0} Voxel enthalten keine Zahl; sie werden schwarz gezeigt und fehlen in Messwerten.</translation>
    </message>
    <message>
        <source>{0} voxels were beyond -32768..32767 and are shown as the nearest of these.</source>
        <translation>{0} Voxel lagen außerhalb von -32768..32767 und werden als nächster dieser Werte gezeigt.</translation>
    </message>
    <message>
        <source>{0} wants other pixel sizes than the images have: theirs are kept.</source>
        <translation>{0} verlangt andere Pixelgrößen, als die Bilder haben: Die der Bilder gelten.</translation>
    </message>
    <message>
        <source>{0} written to {1}: {2}</source>
        <translation>{0} geschrieben nach {1}: {2}</translation>
    </message>
    <message>
        <source>{0} x {1}</source>
        <translation>{0} x {1}</translation>
    </message>
    <message>
        <source>{0} {1}  {2} voxels</source>
        <translation>{0} {1}  {2} Voxel</translation>
    </message>
    <message>
        <source>{0} {1} minus original: gray is 0, white {2}, black {3}</source>
        <translation>{0} {1} minus Original: Grau ist 0, Weiß {2}, Schwarz {3}</translation>
    </message>
    <message>
        <source>{0} {1} missing between {2} and {3} (at {4} to {5} mm)</source>
        <translation>{0} {1} zwischen {2} und {3} (bei {4} bis {5} mm)</translation>
    </message>
    <message>
        <source>{0} {1} missing beyond {2} (from {3} mm on)</source>
        <translation>{0} {1} jenseits von {2} (ab {3} mm)</translation>
    </message>
    <message>
        <source>{0} {1} over {2} {3}</source>
        <translation>{0} {1} über {2} {3}</translation>
    </message>
    <message>
        <source>{0}, changed</source>
        <translation>{0}, geändert</translation>
    </message>
    <message>
        <source>{0}, copy</source>
        <translation>{0}, Kopie</translation>
    </message>
    <message>
        <source>{0}, even</source>
        <translation>{0}, gleichmäßig</translation>
    </message>
    <message>
        <source>{0}, last changed {1}, are shown again.</source>
        <translation>{0}, zuletzt geändert {1}, werden wieder gezeigt.</translation>
    </message>
    <message>
        <source>{0}, yours</source>
        <translation>{0}, eigenes</translation>
    </message>
    <message>
        <source>{0}, {1} came</source>
        <translation>{0}, {1} kamen</translation>
    </message>
    <message>
        <source>{0}/s, {1} reached</source>
        <translation>{0}/s, {1} erreicht</translation>
    </message>
    <message>
        <source>{0}: failed a check on this machine</source>
        <translation>{0}: hat auf diesem Rechner eine Prüfung nicht bestanden</translation>
    </message>
    <message>
        <source>{0}: from</source>
        <translation>{0}: von</translation>
    </message>
    <message>
        <source>{0}: it holds no pixel.</source>
        <translation>{0}: enthält kein Pixel.</translation>
    </message>
    <message>
        <source>{0}: mean {1}, max {2} {3}</source>
        <translation>{0}: Mittel {1}, Max. {2} {3}</translation>
    </message>
    <message>
        <source>{0}: not measured on this machine</source>
        <translation>{0}: auf diesem Rechner nicht gemessen</translation>
    </message>
    <message>
        <source>{0}: to</source>
        <translation>{0}: bis</translation>
    </message>
    <message>
        <source>{0}: what it draws is hidden</source>
        <translation>{0}: Seine Zeichnungen sind ausgeblendet</translation>
    </message>
    <message>
        <source>{0}: window, zoom, turn and what it draws are stored ones</source>
        <translation>{0}: Fenster, Zoom, Drehung und Zeichnungen sind die gespeicherten</translation>
    </message>
    <message>
        <source>{0}: {1}, over the limit. Measure on the original.</source>
        <translation>{0}: {1}, über der Grenze. Messen Sie im Original.</translation>
    </message>
    <message>
        <source>{0}; slices are missing</source>
        <translation>{0}; Schichten fehlen</translation>
    </message>
    <message>
        <source>µm²/s</source>
        <translation>µm²/s</translation>
    </message>
</context>
</TS>
