package io.levee.examples.site.ops;

import io.levee.examples.site.load.Visitors;
import io.levee.examples.site.nodes.NodeAction;
import io.levee.examples.site.nodes.NodeProcesses;
import io.levee.examples.site.ops.Journal.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The page {@code /ops}, its stream, and its buttons, which {@link LoopbackOnly} stands before. */
@Controller
class OpsPage {
    private final OpsStream stream;
    private final Journal journal;
    private final NodeNames names;
    private final LeveeSwitch levee;
    private final Visitors visitors;
    private final ObjectProvider<NodeProcesses> processes;

    OpsPage(
            OpsStream stream,
            Journal journal,
            NodeNames names,
            LeveeSwitch levee,
            Visitors visitors,
            ObjectProvider<NodeProcesses> processes) {
        this.stream = stream;
        this.journal = journal;
        this.names = names;
        this.levee = levee;
        this.visitors = visitors;
        this.processes = processes;
    }

    @GetMapping("/ops")
    String show(HttpServletRequest request, Model model) {
        model.addAttribute("mayAct", LoopbackOnly.isHere(request));
        model.addAttribute("mostVisitors", visitors.most());
        model.addAttribute("visitors", visitors.perSecond());
        return "ops";
    }

    @GetMapping(path = "/ops/stream", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter stream(@RequestHeader(name = "Last-Event-ID", defaultValue = "0") long lastEntry) {
        return stream.open(lastEntry);
    }

    /** 204 if it was done, 409 if there was nothing to do. */
    @PostMapping("/ops/nodes/{address}/{action}")
    ResponseEntity<Void> act(@PathVariable String address, @PathVariable String action) {
        NodeProcesses own = processes.getIfAvailable();
        if (own == null) {
            throw new IllegalArgumentException("these nodes are not the site's own");
        }
        NodeAction what = action(action);
        String name = names.of(address);
        String text = switch (what) {
            case KILL -> "You killed " + name + ".";
            case HANG -> "You hung " + name + ".";
            case RESUME -> "You let " + name + " go on.";
            case RESTART -> "You restarted " + name + ".";
        };
        // Before it is done, or what comes of it would be written first.
        return answer(own.perform(what, address, () -> journal.write(Kind.ACTION, text)));
    }

    @PostMapping("/ops/levee")
    ResponseEntity<Void> turn(@RequestParam boolean on) {
        boolean done = levee.turn(on);
        if (done) {
            journal.write(
                    Kind.ACTION,
                    on
                            ? "You switched Levee on again."
                            : "You switched Levee off: every page asks the database, as if there were no cache.");
        }
        return answer(done);
    }

    @PostMapping("/ops/visitors")
    ResponseEntity<Void> turnUp(@RequestParam int perSecond) {
        boolean done = perSecond != visitors.perSecond();
        visitors.perSecond(perSecond);
        if (done) {
            journal.write(Kind.ACTION, "You let " + perSecond + " visitors come each second.");
        }
        return answer(done);
    }

    @ExceptionHandler(IllegalArgumentException.class)
    ResponseEntity<String> wrong(IllegalArgumentException wrong) {
        return ResponseEntity.badRequest().contentType(MediaType.TEXT_PLAIN).body(wrong.getMessage());
    }

    private static NodeAction action(String name) {
        for (NodeAction action : NodeAction.values()) {
            if (action.name().toLowerCase(Locale.ROOT).equals(name)) {
                return action;
            }
        }
        throw new IllegalArgumentException("action must be kill, hang, resume or restart, but is " + name);
    }

    private static ResponseEntity<Void> answer(boolean done) {
        return ResponseEntity.status(done ? HttpStatus.NO_CONTENT : HttpStatus.CONFLICT)
                .build();
    }
}
