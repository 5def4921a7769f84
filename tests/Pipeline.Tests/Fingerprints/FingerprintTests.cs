using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Manifests;
using DiffusionBatch.Pipeline.Tests.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Fingerprints;

public sealed class FingerprintTests : IDisposable
{
    readonly TestRoot _root = new();

    public void Dispose() => _root.Dispose();

    string Of(WorkManifest manifest) => Fingerprint.Of(Fingerprint.Known(manifest, _root.Folder, new HashSet<string>())).Value;

    public static TheoryData<string> Changes => [.. s_changes.Keys];

    static readonly Dictionary<string, Func<SampleManifest, SampleManifest>> s_changes = new()
    {
        ["seed"] = m => m with { Seed = 2 },
        ["steps"] = m => m with { Sampler = m.Sampler.Over("steps", 1, 9) },
        ["list of one"] = m => m with { Sampler = m.Sampler.Over("temperature", 0.0) },
        ["reMask"] = m => m with { Sampler = m.Sampler.Settings with { ReMask = ReMaskRule.Cond } },
        ["beam"] = m => m with { Sampler = m.Sampler.Settings with { Length = new LengthSettings { Beam = 5 } } },
        ["shardSize"] = m => m with { ShardSize = 5 },
        ["trace"] = m => m with { Trace = false },
        ["ids"] = m => m with { Ids = true },
        ["usage"] = m => m with { Usage = true },
        ["passThrough"] = m => m with { PassThrough = true },
        ["errorThreshold"] = m => m with { ErrorThreshold = 0.5 },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Changes_with_the_manifest(string change) =>
        Assert.NotEqual(Of(TestRoot.Sample()), Of(s_changes[change](TestRoot.Sample())));

    [Fact]
    public void Name_output_and_conduct_do_not_count() =>
        Assert.Equal(Of(TestRoot.Sample()),
            Of(TestRoot.Sample() with { Name = "other", Output = "elsewhere", Overwrite = true, BatchTokens = 17 }));

    [Fact]
    public void Changes_with_the_input_s_content()
    {
        string before = Of(TestRoot.Sample());
        File.AppendAllText(_root.Path("data/in.jsonl"), "\n");
        Assert.NotEqual(before, Of(TestRoot.Sample()));
    }

    [Theory]
    [InlineData("models/m/model.safetensors")]
    [InlineData("models/m/vocab.json")]
    [InlineData("models/m/sub/file")]
    public void Changes_with_the_model_s_content(string file)
    {
        string before = Of(TestRoot.Sample());
        _root.Write(file, "other");
        Assert.NotEqual(before, Of(TestRoot.Sample()));
    }

    [Fact]
    public void Changes_with_a_file_s_name()
    {
        string before = Of(TestRoot.Sample());
        File.Move(_root.Path("models/m/config.json"), _root.Path("models/m/other.json"));
        Assert.NotEqual(before, Of(TestRoot.Sample()));
    }

    [Fact]
    public void Times_and_work_in_progress_do_not_count()
    {
        string before = Of(TestRoot.Sample());
        _root.Write("models/m/manifest.json", "{\"startedAt\":1}");
        _root.Write("models/m/.dbatch/journal", "x");
        File.SetLastWriteTimeUtc(_root.Path("models/m/config.json"), DateTime.UnixEpoch);
        Assert.Equal(before, Of(TestRoot.Sample()));
    }

    [Fact]
    public void Every_kind_of_manifest_has_a_canonical_text()
    {
        var finetune = new FinetuneManifest
        {
            Name = "f",
            Output = "o",
            Model = new() { From = "models/m" },
            Data = new() { Train = "data/in.jsonl" }
        };
        Assert.Contains("\"betas\":[0.9,0.98]", CanonicalManifest.Of(finetune), StringComparison.Ordinal);
        Assert.Contains("\"process\":\"absorbing\"", CanonicalManifest.Of(finetune), StringComparison.Ordinal);
        var evaluate = new EvaluateManifest { Name = "e", Output = "o", Predictions = "p", References = "r" };
        Assert.StartsWith("{\"kind\":\"evaluate\",\"metrics\":[{\"name\":\"bleu\"}", CanonicalManifest.Of(evaluate),
            StringComparison.Ordinal);
    }
}
