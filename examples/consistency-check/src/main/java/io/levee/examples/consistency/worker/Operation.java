package io.levee.examples.consistency.worker;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What a worker does, and how often beside the others. */
public enum Operation {
    GET("get", 3_500),
    LOOKUP("lookup", 3_000),
    GET_ASYNC("getAsync", 1_500),
    PEEK("peek", 1_000),
    GET_ALL("getAll", 500),
    REFRESH("refresh", 100),
    PUT("put", 70),
    INVALIDATE("invalidate", 70),
    CLEAR("clear", 4);

    private final String flag;
    private final int weight;

    Operation(String flag, int weight) {
        this.flag = flag;
        this.weight = weight;
    }

    /** The method's name. */
    public String flag() {
        return flag;
    }

    public static List<String> flags() {
        return Arrays.stream(values()).map(Operation::flag).toList();
    }

    public static Optional<Operation> of(String flag) {
        return Arrays.stream(values())
                .filter(operation -> operation.flag.equals(flag))
                .findFirst();
    }

    public static Set<Operation> all() {
        return EnumSet.allOf(Operation.class);
    }

    static Operation oneOf(Set<Operation> operations, RandomGenerator random) {
        int draw = random.nextInt(operations.stream().mapToInt(o -> o.weight).sum());
        for (Operation operation : operations) {
            draw -= operation.weight;
            if (draw < 0) {
                return operation;
            }
        }
        throw new IllegalStateException("no operation was drawn");
    }
}
