package io.levee.examples.site.web;

import io.levee.examples.site.ops.LeveeSwitch;
import io.levee.examples.site.projects.Category;
import io.levee.examples.site.projects.CategoryStats;
import io.levee.examples.site.projects.Project;
import io.levee.examples.site.projects.ProjectTable;
import io.levee.examples.site.projects.Projects;
import io.levee.examples.site.projects.PublicStats;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** What the pages read from: the cached methods, or straight from the database while Levee is switched off. */
@Component
class Catalogue {
    private final Projects projects;
    private final PublicStats stats;
    private final ProjectTable table;
    private final LeveeSwitch levee;

    Catalogue(Projects projects, PublicStats stats, ProjectTable table, LeveeSwitch levee) {
        this.projects = projects;
        this.stats = stats;
        this.table = table;
        this.levee = levee;
    }

    Optional<Project> project(int id) {
        return levee.isOn() ? projects.project(id) : table.project(id);
    }

    Collection<Project> projects(List<Integer> ids) {
        return levee.isOn() ? projects.projects(ids).values() : table.projects(ids);
    }

    CategoryStats stats(Category category) {
        return levee.isOn() ? stats.stats(category) : table.stats(category);
    }

    Collection<CategoryStats> stats(List<Category> categories) {
        return levee.isOn()
                ? stats.stats(categories).values()
                : categories.stream().map(table::stats).toList();
    }
}
