"""What many readers of the stream share, and what nobody pays for while there are none."""

from contextlib import ExitStack

from api.contract.events import StoredEventFeature
from api.events.event_store import EventStore
from tests.api.events.test_change_feed import messages, subscribers
from tests.api.running_api import RunningApi, event, event_id, stream
from tests.waiting import wait_until

READERS = 5


def test_an_event_is_written_once_for_all_readers(api: RunningApi, monkeypatch):
    written = []
    write = StoredEventFeature.model_dump_json

    def spy(self, **options):
        written.append(self.id)
        return write(self, **options)

    monkeypatch.setattr(StoredEventFeature, "model_dump_json", spy)
    api.add_camera()
    with ExitStack() as stack:
        streams = [stack.enter_context(stream(api)) for _ in range(READERS)]
        wait_until(lambda: subscribers(api) == READERS)
        api.post(*(event(number) for number in range(10)))
        for lines in streams:
            found = messages(lines)
            assert [next(found)[1]["id"] for _ in range(10)] == [event_id(n) for n in range(10)]
    assert sorted(written) == [event_id(number) for number in range(10)]


def test_nothing_is_read_while_nobody_listens_and_nothing_old_is_sent(api: RunningApi, monkeypatch):
    wait_until(lambda: subscribers(api) == 0)
    reads = []
    read = EventStore.changed_since

    async def spy(self, change, limit):
        reads.append(change)
        return await read(self, change, limit)

    monkeypatch.setattr(EventStore, "changed_since", spy)
    api.add_camera()
    for number in range(3):
        api.post(event(number))
    assert reads == []
    with stream(api) as lines:
        wait_until(lambda: subscribers(api) == 1)
        api.post(event(7))
        assert next(messages(lines))[1]["id"] == event_id(7)
    assert reads
