package dev.aistream;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the layout: who may know whom. */
@AnalyzeClasses(packages = "dev.aistream", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.aistream.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule sseKnowsOnlyTheJdk = classes()
            .that()
            .resideInAPackage("dev.aistream.sse..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.aistream.sse..");

    @ArchTest
    static final ArchRule jsonKnowsOnlyTheJdk = classes()
            .that()
            .resideInAPackage("dev.aistream.json..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.aistream.json..");

    @ArchTest
    static final ArchRule theModelKnowsNobody = noClasses()
            .that()
            .resideInAPackage("dev.aistream.chat..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.aistream",
                    "dev.aistream.sse..",
                    "dev.aistream.json..",
                    "dev.aistream.provider..",
                    "dev.aistream.relay..",
                    "org.springframework..");

    @ArchTest
    static final ArchRule providersDoNotKnowEachOther = slices().matching("dev.aistream.provider.(*)..")
            .should()
            .notDependOnEachOther()
            // The simulated provider is the OpenAI one over a connector of its own.
            .ignoreDependency(
                    com.tngtech.archunit.base.DescribedPredicate.describe(
                            "simulated", c -> c.getPackageName().endsWith("provider.simulated")),
                    com.tngtech.archunit.base.DescribedPredicate.describe(
                            "openai", c -> c.getPackageName().endsWith("provider.openai")));

    @ArchTest
    static final ArchRule theRelayKnowsNoWebTypes = noClasses()
            .that()
            .resideInAPackage("dev.aistream.relay..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "jakarta..", "dev.aistream.provider..");

    @ArchTest
    static final ArchRule springBootStaysOutside =
            noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework.boot..");
}
