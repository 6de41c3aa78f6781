package io.levee.examples.consistency.check;

/** The parts of the promise, each as one sentence. */
public enum Rule {
    OWN_WRITE("after its put or invalidate has returned, a process never reads an older version, whatever the faults"),
    OTHERS_WRITE(
            "after a put or invalidate has returned, no other process reads an older version, if nothing was broken meanwhile"),
    HEALED("when a fault is over and its processes have rejoined, no write from before or during it is unseen"),
    OWN_CLEAR("after its clear has returned, a process never reads what was written before"),
    OTHERS_CLEAR(
            "2 s after a clear has returned, no other process reads what was written before, if nothing is broken"),
    AGE("no version is read for longer after the next was committed than a value lives"),
    BACKWARDS("what a process has read while all was well, it never goes back behind, whatever the faults"),
    REAL_VALUE("what is read was written: the item's own value, of a version that there was"),
    NO_ERROR("a call throws nothing but what its loader or its load gave reason for"),
    REJOIN("when all faults are over, every process has every node in use again");

    private final String sentence;

    Rule(String sentence) {
        this.sentence = sentence;
    }

    public String sentence() {
        return sentence;
    }
}
