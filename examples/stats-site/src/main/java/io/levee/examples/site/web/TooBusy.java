package io.levee.examples.site.web;

import io.levee.cache.LoadException;
import io.levee.cache.LoadRejectedException;
import io.levee.cache.LoadTimeoutException;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.ResponseStatus;

/** What visitors see when the database does not answer in time and the cache has nothing to show instead. */
@ControllerAdvice
class TooBusy {
    @ExceptionHandler({
        DataAccessException.class,
        TransactionException.class,
        LoadException.class,
        LoadRejectedException.class,
        LoadTimeoutException.class
    })
    @ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
    String show() {
        return "busy";
    }
}
