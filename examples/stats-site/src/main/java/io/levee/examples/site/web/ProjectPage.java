package io.levee.examples.site.web;

import io.levee.examples.site.projects.Projects;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** A project's page, on which one can pledge. */
@Controller
class ProjectPage {
    private static final int MOST_EUROS = 10_000;

    private final Catalogue catalogue;
    private final Projects projects;

    ProjectPage(Catalogue catalogue, Projects projects) {
        this.catalogue = catalogue;
        this.projects = projects;
    }

    @GetMapping("/projects/{id}")
    String show(@PathVariable int id, Model model) {
        model.addAttribute("project", catalogue.project(id).orElseThrow(() -> unknown(id)));
        return "project";
    }

    @PostMapping("/projects/{id}/pledges")
    String pledge(@PathVariable int id, @RequestParam int euros) {
        if (euros < 1 || euros > MOST_EUROS) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, "A pledge must be 1 to 10,000 euros, but is " + euros + ".");
        }
        // Nobody logs in here: each pledge is a visitor's whom nobody knows.
        int visitor = 1_000_000 + ThreadLocalRandom.current().nextInt(1_000_000);
        if (!projects.pledge(id, visitor, euros * 100L, "Good luck with it!")) {
            throw unknown(id);
        }
        return "redirect:/projects/" + id;
    }

    private static ResponseStatusException unknown(int id) {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no project " + id + ".");
    }
}
