package io.levee.cache.codec;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The classes that {@link SerializationCodec} makes. Immutable. */
final class AllowedClasses {
    /** They hold no more than their bytes, and have no code of their own to run. Enum and Number are their subclasses' beginnings. */
    private static final List<Class<?>> ALWAYS = List.of(
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            Number.class,
            Enum.class);

    /** Components of the arrays in which collections keep their elements, each of which is looked at itself. */
    private static final Set<Class<?>> ELEMENTS = Set.of(Object.class, Map.Entry.class);

    private static final Pattern NAME = Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*"
            + "(\\.\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*)*");
    private static final int LONGEST_NAME = 300;

    private final Map<String, Class<?>> classes;
    private final Set<String> names;
    private final List<String> packages;
    private final List<String> trees;
    private final ClassLoader loader;

    private AllowedClasses(
            Map<String, Class<?>> classes,
            Set<String> names,
            List<String> packages,
            List<String> trees,
            ClassLoader loader) {
        this.classes = classes;
        this.names = names;
        this.packages = packages;
        this.trees = trees;
        this.loader = loader;
    }

    static AllowedClasses of(Class<?>... listed) {
        if (listed.length == 0) {
            throw new IllegalArgumentException("allowing() must name at least one class");
        }
        Map<String, Class<?>> classes = new HashMap<>();
        ALWAYS.forEach(always -> classes.put(always.getName(), always));
        for (Class<?> one : listed) {
            check(one);
            for (Class<?> each = one; each != null && Serializable.class.isAssignableFrom(each); ) {
                classes.put(each.getName(), each);
                each = each.getSuperclass();
            }
        }
        return new AllowedClasses(Map.copyOf(classes), Set.of(), List.of(), List.of(), null);
    }

    private static void check(Class<?> one) {
        if (one == null) {
            throw new IllegalArgumentException("allowing() must not be given null");
        }
        if (one.isArray() || one.isPrimitive()) {
            throw new IllegalArgumentException("allowing() was given " + one.getTypeName()
                    + ": name classes; arrays of them, and of primitives, are allowed with them");
        }
        if (one.isInterface()) {
            throw new IllegalArgumentException("allowing() was given the interface " + one.getName()
                    + ": name the classes that are in the values, as in java.util.ArrayList for java.util.List");
        }
        if (!Serializable.class.isAssignableFrom(one)) {
            throw new IllegalArgumentException("allowing() was given " + one.getName() + ", which is not Serializable");
        }
    }

    AllowedClasses and(String... patterns) {
        if (patterns.length == 0) {
            throw new IllegalArgumentException("alsoAllowing() must name at least one class or package");
        }
        Set<String> moreNames = new HashSet<>(names);
        List<String> morePackages = new ArrayList<>(packages);
        List<String> moreTrees = new ArrayList<>(trees);
        for (String pattern : patterns) {
            if (pattern == null) {
                throw new IllegalArgumentException("alsoAllowing() must not be given null");
            }
            String name = pattern.endsWith(".**")
                    ? pattern.substring(0, pattern.length() - 3)
                    : pattern.endsWith(".*") ? pattern.substring(0, pattern.length() - 2) : pattern;
            boolean isPackage = name.length() < pattern.length();
            if (!NAME.matcher(name).matches() || (isPackage && isOfTheJdk(name))) {
                throw new IllegalArgumentException(
                        "alsoAllowing() takes names of classes, a.b.C, and of packages that are"
                                + " not the JDK's, a.b.* or a.b.**, but was given \"" + pattern + "\"");
            }
            if (!isPackage) {
                moreNames.add(name);
            } else {
                (pattern.endsWith("**") ? moreTrees : morePackages).add(name + ".");
            }
        }
        return new AllowedClasses(
                classes, Set.copyOf(moreNames), List.copyOf(morePackages), List.copyOf(moreTrees), contextLoader());
    }

    private static ClassLoader contextLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : AllowedClasses.class.getClassLoader();
    }

    /** There the classes are that attacks are made of. */
    private static boolean isOfTheJdk(String packageName) {
        return Arrays.stream(new String[] {"java", "javax", "jdk", "sun", "com.sun"})
                .anyMatch(jdk -> packageName.equals(jdk) || packageName.startsWith(jdk + "."));
    }

    /**
     * The class of that name, which a stream has.
     *
     * @throws SerializationCodec.RefusedException if it is not allowed: then it was not looked for
     */
    Class<?> resolve(String name) throws SerializationCodec.RefusedException, ClassNotFoundException {
        int dimensions = 0;
        while (dimensions < name.length() && name.charAt(dimensions) == '[') {
            dimensions++;
        }
        if (dimensions == 0) {
            return resolveElement(name);
        }
        String element = name.substring(dimensions);
        if (element.length() == 1 && "ZBCSIJFD".contains(element)) {
            return Class.forName(name, false, null);
        }
        if (dimensions > SerializationCodec.MAX_DEPTH || !element.startsWith("L") || !element.endsWith(";")) {
            throw refused(name);
        }
        Class<?> type = resolveComponent(element.substring(1, element.length() - 1));
        for (int i = 0; i < dimensions; i++) {
            type = type.arrayType();
        }
        return type;
    }

    /** Whether an object of the class, or an array, may be made; asked by the filter for those that no stream named too. */
    boolean allows(Class<?> type) {
        Class<?> element = type;
        while (element.isArray()) {
            element = element.getComponentType();
        }
        return (element.isPrimitive() && type.isArray())
                || (ELEMENTS.contains(element) && type.isArray())
                || classes.get(element.getName()) == element
                || isNamed(element.getName());
    }

    private Class<?> resolveComponent(String name) throws SerializationCodec.RefusedException, ClassNotFoundException {
        for (Class<?> element : ELEMENTS) {
            if (element.getName().equals(name)) {
                return element;
            }
        }
        return resolveElement(name);
    }

    private Class<?> resolveElement(String name) throws SerializationCodec.RefusedException, ClassNotFoundException {
        Class<?> listed = classes.get(name);
        if (listed != null) {
            return listed;
        }
        if (!isNamed(name)) {
            throw refused(name);
        }
        return Class.forName(name, false, loader);
    }

    private boolean isNamed(String name) {
        return names.contains(name)
                || packages.stream().anyMatch(start -> name.startsWith(start) && name.indexOf('.', start.length()) < 0)
                || trees.stream().anyMatch(name::startsWith);
    }

    /** A stream's words are printed only if they are a name. */
    private static SerializationCodec.RefusedException refused(String name) {
        boolean printable = name.length() <= LONGEST_NAME
                && NAME.matcher(name.replaceAll("^\\[+L|;$", "")).matches();
        return new SerializationCodec.RefusedException(
                printable
                        ? "class " + name + " is not allowed: name it in SerializationCodec.allowing(...)"
                        : "a class that is not allowed");
    }
}
