package io.levee.examples.site.web;

import io.levee.examples.site.projects.Category;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

/** The public stats: of all categories, or of one. */
@Controller
class StatsPage {
    private final Catalogue catalogue;

    StatsPage(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @GetMapping("/stats")
    String all(Model model) {
        model.addAttribute("stats", catalogue.stats(List.of(Category.values())));
        return "stats";
    }

    @GetMapping("/stats/{slug}")
    String one(@PathVariable String slug, Model model) {
        Category category = Category.of(slug)
                .orElseThrow(() ->
                        new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no category \"" + slug + "\"."));
        model.addAttribute("stats", List.of(catalogue.stats(category)));
        return "stats";
    }
}
