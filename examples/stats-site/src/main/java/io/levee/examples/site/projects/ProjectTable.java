package io.levee.examples.site.projects;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The queries, without any cache. */
@Repository
public class ProjectTable {
    private static final String COLUMNS =
            "select id, title, blurb, creator, category, goal_cents, raised_cents, pledges from site_project";
    private static final RowMapper<Project> PROJECT = (row, number) -> new Project(
            row.getInt(1),
            row.getString(2),
            row.getString(3),
            row.getString(4),
            Category.valueOf(row.getString(5)),
            row.getLong(6),
            row.getLong(7),
            row.getInt(8));

    private final JdbcClient database;
    private final LongAdder queries = new LongAdder();
    private final LongAdder statsQueries = new LongAdder();

    public ProjectTable(JdbcClient database) {
        this.database = database;
    }

    /** By its id. */
    public Optional<Project> project(int id) {
        queries.increment();
        return database.sql(COLUMNS + " where id = ?").param(id).query(PROJECT).optional();
    }

    /** By their ids, in any order; those that there are not are left out. */
    public List<Project> projects(Collection<Integer> ids) {
        queries.increment();
        return database.sql(COLUMNS + " where id in (:ids)")
                .param("ids", ids)
                .query(PROJECT)
                .list();
    }

    /** Reads every pledge of the category: this is the slow one. */
    public CategoryStats stats(Category category) {
        queries.increment();
        statsQueries.increment();
        return database.sql("select count(*), count(distinct backer), coalesce(sum(cents), 0), coalesce(max(cents), 0)"
                        + " from site_pledge where category = ?")
                .param(category.name())
                .query((row, number) -> new CategoryStats(
                        category, row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), Instant.now()))
                .single();
    }

    /** Returns false if there is no such project. */
    boolean pledge(int project, int backer, long cents, String message) {
        queries.increment();
        int found = database.sql(
                        "update site_project set pledges = pledges + 1, raised_cents = raised_cents + ? where id = ?")
                .params(cents, project)
                .update();
        if (found == 0) {
            return false;
        }
        return database.sql("insert into site_pledge (project, category, backer, cents, message)"
                                + " select id, category, ?, ?, ? from site_project where id = ?")
                        .params(backer, cents, message, project)
                        .update()
                == 1;
    }

    /** How many there have been, of all kinds. */
    public long queries() {
        return queries.sum();
    }

    /** How many of them were slow ones. */
    public long statsQueries() {
        return statsQueries.sum();
    }
}
