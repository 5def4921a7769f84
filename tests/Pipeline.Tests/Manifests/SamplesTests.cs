using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Pipeline.Tests.Manifests;

/// <summary>The manifests under samples/ are good ones, where what they read exists.</summary>
public sealed class SamplesTests
{
    static readonly string Folder = Path.Combine(SharedData.RepositoryRoot, "samples");

    static readonly FakeRoot Root = new("models/de-en/", "data/train.jsonl", "data/backbone.jsonl", "data/validation.jsonl",
        "data/test.jsonl", "data/test2016.jsonl", "results/de-en-test/",
        "models/rxnmapper-albert/", "data/train-1000.jsonl", "data/train-10000.jsonl", "data/validation-200.jsonl", "data/test-150.jsonl",
        "models/stories260K/", "data/train-starts.jsonl", "data/validation-starts.jsonl", "data/stories-train.jsonl",
        "data/stories-validation.jsonl", "data/stories-texts.jsonl",
        "models/xlm-roberta-base/", "data/multi30k.jsonl", "data/tatoeba.jsonl", "data/questions.jsonl", "data/iwslt14-deen-test.jsonl",
        "data/mgsm-de-0shot.jsonl", "data/gsm8k-3shot.jsonl",
        "data/mmlu-dev.jsonl", "data/mmlu-test.jsonl", "data/bbh-dev.jsonl", "data/bbh-test.jsonl", "data/latency.jsonl",
        "models/messages/", "data/messages.jsonl", "data/starts.jsonl",
        "models/backbone/", "data/messages.train.jsonl", "data/messages.validation.jsonl", "data/messages.test.jsonl");

    public static TheoryData<string> Samples =>
    [
        .. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".json" or ".yaml")
            .Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal),
    ];

    [Theory, MemberData(nameof(Samples))]
    public void A_sample_has_no_problems(string name)
    {
        ManifestFormat format = name.EndsWith(".json", StringComparison.Ordinal) ? ManifestFormat.Json : ManifestFormat.Yaml;
        ManifestReading reading = ManifestReader.Parse(File.ReadAllBytes(Path.Combine(Folder, name)), name, format, Root);
        Assert.Empty(reading.Problems);
        Assert.NotNull(reading.Manifest);
    }
}
