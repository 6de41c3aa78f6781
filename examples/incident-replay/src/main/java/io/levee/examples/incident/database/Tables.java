package io.levee.examples.incident.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables and what fills them: the same rows every time.
 *
 * @param numbers the dialect's table of the numbers 1 to %d, whose column is x
 */
record Tables(int projects, int pledges, String numbers) {
    static Tables h2(int projects, int pledges) {
        return new Tables(projects, pledges, "system_range(1, %d)");
    }

    static Tables postgres(int projects, int pledges) {
        return new Tables(projects, pledges, "generate_series(1, %d) as x");
    }

    void create(Connection connection) throws SQLException {
        drop(connection);
        execute(
                connection,
                List.of(
                        "create table replay_project (id int primary key, title varchar(80) not null,"
                                + " blurb varchar(400) not null, goal_cents bigint not null)",
                        "create table replay_pledge (id int primary key, project int not null, backer int not null,"
                                + " cents bigint not null, note varchar(400) not null)",
                        "insert into replay_project select x, concat('Project ', x),"
                                + " rpad('A thing that the world has waited for. ', 200, concat(x, ' ')), x * 1000"
                                + " from " + String.format(numbers, projects),
                        "insert into replay_pledge select x, mod(x * 31, " + projects + "), mod(x * 7, 20011),"
                                + " 500 + mod(x * 13, 9500), rpad('Good luck with it! ', 220, concat(x, ' '))"
                                + " from " + String.format(numbers, pledges)));
    }

    void drop(Connection connection) throws SQLException {
        execute(connection, List.of("drop table if exists replay_pledge", "drop table if exists replay_project"));
    }

    static void execute(Connection connection, List<String> commands) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String command : commands) {
                statement.execute(command);
            }
        }
    }
}
