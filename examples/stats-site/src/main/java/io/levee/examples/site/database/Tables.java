package io.levee.examples.site.database;

import io.levee.examples.site.SiteProperties;
import io.levee.examples.site.projects.Category;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, and what fills them: the same projects and pledges every time. */
enum Tables {
    H2("system_range(1, %d)"),
    POSTGRES("generate_series(1::bigint, %d) as x");

    private static final List<Category> CATEGORIES = List.of(Category.values());

    /** How much of all pledges each category has, in percent. */
    private static final int[] WEIGHTS = {9, 12, 7, 10, 18, 13, 21, 10};

    /** The dialect's table of the numbers 1 to %d, whose column is x. */
    private final String numbers;

    Tables(String numbers) {
        this.numbers = numbers;
    }

    /** Makes and fills them, unless a project table is there already. */
    void createIfMissing(String url, String user, String password, SiteProperties properties) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            if (exists(connection)) {
                return;
            }
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                create(statement);
                insertProjects(connection, properties.projects());
                insertPledges(statement, properties);
                sumUp(connection);
            }
            connection.commit();
        }
    }

    private static boolean exists(Connection connection) throws SQLException {
        try (ResultSet tables =
                connection.getMetaData().getTables(null, null, "%", new String[] {"TABLE", "BASE TABLE"})) {
            while (tables.next()) {
                if (tables.getString("TABLE_NAME").equalsIgnoreCase("site_project")) {
                    return true;
                }
            }
            return false;
        }
    }

    private static void create(Statement statement) throws SQLException {
        statement.execute("create table site_project (id int primary key, title varchar(80) not null,"
                + " blurb varchar(400) not null, creator varchar(60) not null, category varchar(20) not null,"
                + " goal_cents bigint not null, raised_cents bigint not null, pledges int not null)");
        statement.execute("create table site_pledge (id bigint generated always as identity primary key,"
                + " project int not null, category varchar(20) not null, backer int not null, cents bigint not null,"
                + " message varchar(400) not null)");
    }

    private static void insertProjects(Connection connection, int projects) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into site_project values (?, ?, ?, ?, ?, ?, 0, 0)")) {
            for (int id = 1; id <= projects; id++) {
                SampleProject sample = SampleProject.of(id);
                insert.setInt(1, id);
                insert.setString(2, sample.title());
                insert.setString(3, sample.blurb());
                insert.setString(4, sample.creator());
                insert.setString(5, sample.category().name());
                insert.setLong(6, SampleProject.goalCents(id, 0));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /**
     * The pledges of a category lie together, as those of a year would: its stats read one stretch of the table. Some categories have
     * more of them than others, and so have some projects.
     */
    private void insertPledges(Statement statement, SiteProperties properties) throws SQLException {
        int projects = properties.projects() / CATEGORIES.size();
        for (int number = 0; number < CATEGORIES.size(); number++) {
            String category = CATEGORIES.get(number).name();
            long pledges = (long) properties.pledges() * WEIGHTS[number] / 100;
            statement.execute("insert into site_pledge (project, category, backer, cents, message) select 1 + "
                    + number + " + " + CATEGORIES.size() + " * cast(floor(" + projects
                    + " * power(mod(x * 7919, 10007) / 10007.0, 2)) as int), '" + category + "',"
                    + " mod(x * 104729 + mod(x, 13) * 17, " + (pledges * 3 / 4 + number)
                    + "), 100 * (5 + mod(x * 31, 20)) * (1 + mod(x * 17, 7)), "
                    + " rpad('Good luck with it! ', 220, concat(x, ' ')) from "
                    + String.format(numbers, pledges));
        }
        statement.execute("create index site_pledge_category on site_pledge (category)");
    }

    private static void sumUp(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet sums = statement.executeQuery(
                        "select project, count(*), sum(cents) from site_pledge group by project");
                PreparedStatement update = connection.prepareStatement(
                        "update site_project set pledges = ?, raised_cents = ?, goal_cents = ? where id = ?")) {
            while (sums.next()) {
                int project = sums.getInt(1);
                long cents = sums.getLong(3);
                update.setInt(1, sums.getInt(2));
                update.setLong(2, cents);
                update.setLong(3, SampleProject.goalCents(project, cents));
                update.setInt(4, project);
                update.addBatch();
            }
            update.executeBatch();
        }
    }
}
