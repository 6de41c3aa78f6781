package io.levee.cache.internal.flight;

import static org.assertj.core.api.Assertions.assertThat;

import io.levee.cache.internal.flight.SingleFlight.Boarding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SingleFlightTest {
    private final SingleFlight<String> flights = new SingleFlight<>();

    @Test
    void board_theFirstLeadsAndTheOthersJoin() {
        Boarding<String> first = flights.board("k");
        Boarding<String> second = flights.board("k");

        assertThat(first.leads()).isTrue();
        assertThat(second.leads()).isFalse();
        assertThat(second.flight()).isSameAs(first.flight());
        assertThat(flights.board("other").leads()).isTrue();
        assertThat(flights.size()).isEqualTo(2);
    }

    @Test
    void land_endsAllWhoWaitAndTheNextLeadsAgain() {
        Flight<String> flight = flights.board("k").flight();
        CompletableFuture<String> one = flight.await();
        CompletableFuture<String> two = flight.await();

        flights.land("k", flight, "landed");

        assertThat(one).isCompletedWithValue("landed");
        assertThat(two).isCompletedWithValue("landed");
        assertThat(flight.await()).as("who comes too late").isCompletedWithValue("landed");
        assertThat(flights.size()).isZero();
        assertThat(flights.board("k").leads()).isTrue();
    }

    @Test
    void supersede_endsJoiningButNotTheFlight() {
        Flight<String> old = flights.board("k").flight();
        CompletableFuture<String> waiting = old.await();

        flights.supersede("k");
        Boarding<String> next = flights.board("k");

        assertThat(old.isSuperseded()).isTrue();
        assertThat(next.leads()).isTrue();
        assertThat(next.flight().isSuperseded()).isFalse();
        assertThat(waiting).isNotDone();
        flights.land("k", old, "old");
        assertThat(waiting).isCompletedWithValue("old");
        assertThat(flights.board("k").flight()).as("its successor flies on").isSameAs(next.flight());
        assertThat(flights.size()).isEqualTo(1);
    }

    @Test
    void supersede_ofNoFlight_doesNothing() {
        flights.supersede("k");

        assertThat(flights.size()).isZero();
        assertThat(flights.board("k").flight().isSuperseded()).isFalse();
    }

    @Test
    void close_landsEveryFlightNowAndLater() {
        CompletableFuture<String> superseded = flights.board("k").flight().await();
        flights.supersede("k");
        CompletableFuture<String> present = flights.board("k").flight().await();

        flights.close("closed");

        assertThat(superseded).isCompletedWithValue("closed");
        assertThat(present).isCompletedWithValue("closed");
        assertThat(flights.board("k").flight().await()).isCompletedWithValue("closed");
    }

    @Test
    void leave_isForgottenBeforeTheLanding() {
        Flight<String> flight = flights.board("k").flight();
        CompletableFuture<String> impatient = flight.await();

        flight.leave(impatient);
        flights.land("k", flight, "landed");

        assertThat(impatient).isNotDone();
    }

    @Test
    void lease_offeredBeforeItIsTaken_isTakenOnce() {
        Flight<String> flight = new Flight<>();

        assertThat(flight.offerLease(7)).isTrue();
        assertThat(flight.offerLease(8)).isFalse();

        assertThat(flight.takeLease()).isEqualTo(7);
        assertThat(flight.takeLease()).isZero();
    }

    @Test
    void lease_offeredTooLate_isRefused() {
        Flight<String> flight = new Flight<>();

        assertThat(flight.takeLease()).isZero();

        assertThat(flight.offerLease(7)).isFalse();
        assertThat(flight.takeLease()).isZero();
    }

    @Test
    void boardingAndLanding_underContention_leavesNobodyWaiting() throws Exception {
        int rounds = 3_000;
        int threads = 4;
        CyclicBarrier start = new CyclicBarrier(threads);
        AtomicInteger led = new AtomicInteger();
        List<CompletableFuture<String>> seats = Collections.synchronizedList(new ArrayList<>());
        List<Thread> callers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            callers.add(new Thread(() -> {
                for (int round = 0; round < rounds; round++) {
                    try {
                        start.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    Boarding<String> boarding = flights.board("k");
                    seats.add(boarding.flight().await());
                    if (boarding.leads()) {
                        led.incrementAndGet();
                        flights.land("k", boarding.flight(), "landed");
                    }
                }
            }));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join(30_000);
        }

        assertThat(seats).hasSize(rounds * threads).allMatch(CompletableFuture::isDone);
        assertThat(led.get()).isBetween(rounds, rounds * threads);
        assertThat(flights.size()).isZero();
    }
}
