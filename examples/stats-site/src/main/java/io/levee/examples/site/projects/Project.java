package io.levee.examples.site.projects;

/**
 * What a project's page shows.
 *
 * @param pledges how many there are
 */
public record Project(
        int id,
        String title,
        String blurb,
        String creator,
        Category category,
        long goalCents,
        long raisedCents,
        int pledges) {
    /** How much of the goal has been pledged, 0 and up. */
    public int percent() {
        return (int) Math.min(Integer.MAX_VALUE, raisedCents * 100 / goalCents);
    }
}
