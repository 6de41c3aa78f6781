package io.levee.examples.site.projects;

import io.levee.cache.spring.annotation.Invalidate;
import io.levee.cache.spring.annotation.ReadThrough;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Projects, by their ids. How long they are cached is among the properties, under {@code levee.caches.projects}.
 */
@Service
public class Projects {
    private final ProjectTable table;

    public Projects(ProjectTable table) {
        this.table = table;
    }

    @ReadThrough("projects")
    public Optional<Project> project(int id) {
        return table.project(id);
    }

    /** By their ids; those that there are not are left out. */
    @ReadThrough("projects")
    public Map<Integer, Project> projects(Collection<Integer> ids) {
        return table.projects(ids).stream().collect(Collectors.toMap(Project::id, Function.identity()));
    }

    /**
     * Pledges money to a project.
     *
     * @return false if there is no such project
     */
    @Transactional
    @Invalidate(cacheNames = "projects", key = "#project")
    public boolean pledge(int project, int backer, long cents, String message) {
        return table.pledge(project, backer, cents, message);
    }
}
