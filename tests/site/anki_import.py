"""Import text files into one fresh collection of the real Anki, and print what came of each.

`anki_import.py COLLECTION FILE...`; the first card is answered after the first file.
"""

import json
import sys

from anki.collection import Collection, ImportCsvRequest
from anki.scheduler.v3 import CardAnswer

collection = Collection(sys.argv[1])
for path in sys.argv[2:]:
    metadata = collection.get_csv_metadata(path=path, delimiter=None)
    log = collection.import_csv(ImportCsvRequest(path=path, metadata=metadata)).log
    notes = [collection.get_note(note) for note in sorted(collection.find_notes(""))]
    cards = [card for note in notes for card in note.cards()]
    print(
        json.dumps(
            {
                "log": {name: len(getattr(log, name)) for name in ("new", "updated", "duplicate")},
                "notes": {note.guid: [note.tags, note.fields] for note in notes},
                "decks": sorted({collection.decks.name(card.did) for card in cards}),
                "answered": [
                    [card.nid, card.reps, card.due, card.ivl, card.queue]
                    for card in cards
                    if card.reps
                ],
            }
        )
    )
    if path == sys.argv[2]:
        collection.decks.select(cards[0].did)
        queued = collection.sched.get_queued_cards().cards[0]
        card = collection.get_card(queued.card.id)
        card.start_timer()
        collection.sched.answer_card(
            collection.sched.build_answer(
                card=card, states=queued.states, rating=CardAnswer.Rating.GOOD
            )
        )
collection.close()
