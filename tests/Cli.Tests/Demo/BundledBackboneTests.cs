using DiffusionBatch.Cli.Demo;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Cli.Tests.Demo;

public sealed class BundledBackboneTests : IDisposable
{
    const long LargestWeights = 8_000_000;

    readonly TemporaryFolder _folder = new();

    [Fact]
    public void It_is_a_small_masked_language_model_in_bfloat16()
    {
        Assert.InRange(new FileInfo(Path.Combine(BundledBackbone.Folder, "model.safetensors")).Length, 1_000_000, LargestWeights);
        using Checkpoint backbone = Checkpoint.Load(BundledBackbone.Folder);
        Assert.Equal(("xlm-roberta", "mlm"), (backbone.Model.Config.Architecture, backbone.Settings!.Process));
        using var weights = SafeTensorsReader.Open(Path.Combine(BundledBackbone.Folder, "model.safetensors"));
        Assert.All(weights.Tensors.Values, tensor => Assert.Equal(SafeTensorType.BF16, tensor.Type));
        const string text = "Die Datei \"{0}\" wurde nicht gefunden. => The file \"{0}\" was not found.";
        int[] ids = backbone.Tokenizer!.Encode(text);
        Assert.Equal(text, backbone.Tokenizer.Decode(ids));
        // Messages are what its pieces were made for.
        Assert.InRange(ids.Length, 10, 30);
    }

    [Fact]
    public async Task Inspect_shows_it()
    {
        var ended = await Dbatch.RunAsync(_folder.Path, "inspect", BundledBackbone.Folder);
        Assert.True(ended.ExitCode == 0, ended.Error);
        foreach (string line in (string[])[@"architecture +xlm-roberta", @"BF16 +\d+ tensors", @"process +mlm", @"vocabulary +4,000",
            @"usable positions +258"])
            Assert.Matches(line, ended.Out);
    }

    [Fact]
    public void A_copy_has_the_model_s_files_and_is_made_once()
    {
        string copy = _folder["models/backbone"];
        BundledBackbone.CopyTo(copy);
        Assert.Equal(["config.json", "diffusion.json", "merges.txt", "model.safetensors", "special_tokens_map.json",
            "tokenizer_config.json", "vocab.json"],
            Directory.GetFiles(copy).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        DateTime then = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (string file in Directory.GetFiles(copy)) File.SetLastWriteTimeUtc(file, then);
        File.WriteAllText(Path.Combine(copy, "config.json"), "{}");
        BundledBackbone.CopyTo(copy);
        Assert.Equal(then, File.GetLastWriteTimeUtc(Path.Combine(copy, "model.safetensors")));
        Assert.Equal(File.ReadAllBytes(Path.Combine(BundledBackbone.Folder, "config.json")),
            File.ReadAllBytes(Path.Combine(copy, "config.json")));
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
