package io.levee.examples.site.web;

import java.util.List;
import java.util.stream.IntStream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The first page: some projects, read from the cache in one call. */
@Controller
class FrontPage {
    private static final List<Integer> FEATURED =
            IntStream.rangeClosed(1, 24).boxed().toList();

    private final Catalogue catalogue;

    FrontPage(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @GetMapping("/")
    String show(Model model) {
        model.addAttribute("projects", catalogue.projects(FEATURED));
        return "front";
    }
}
