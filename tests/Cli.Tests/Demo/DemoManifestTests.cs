using System.Text.Json.Nodes;
using DiffusionBatch.Cli.Demo;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Cli.Tests.Demo;

public sealed class DemoManifestTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_demo_adapts_the_backbone_or_trains_its_shape_with_its_tokenizer_and_nothing_else_differs()
    {
        JsonObject adapted = DemoManifest.Create(new DemoSettings()),
            scratch = DemoManifest.Create(new DemoSettings { FromScratch = true });
        Assert.Equal("""{"from":"models/backbone"}""", Model(adapted).ToJsonString());
        Assert.Equal("""{"from":"models/backbone"}""", Model(scratch)["tokenizer"]!.ToJsonString());
        JsonNode shape = Model(scratch)["new"]!;
        ModelConfig config = ModelConfig.Read(BundledBackbone.Folder, [])!;
        Assert.Equal((config.Architecture, config.HiddenSize, config.Layers, config.Heads, config.FeedForwardSize, config.UsablePositions),
            ((string)shape["architecture"]!, (int)shape["hiddenSize"]!, (int)shape["layers"]!, (int)shape["heads"]!,
                (int)shape["feedForwardSize"]!, (int)shape["maxPositions"]!));
        adapted["jobs"]![0]!["model"] = null;
        scratch["jobs"]![0]!["model"] = null;
        Assert.Equal(adapted.ToJsonString(), scratch.ToJsonString());
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void All_its_forms_are_good_manifests(bool quick, bool fromScratch)
    {
        DemoSettings settings = (quick ? DemoSettings.Quick : new DemoSettings()) with { FromScratch = fromScratch };
        foreach (string file in (string[])[DemoManifest.Train, DemoManifest.Validation, DemoManifest.Test]) _folder.Write(file, "{}");
        BundledBackbone.CopyTo(_folder[DemoManifest.Backbone]);
        ManifestReading reading = ManifestReader.Read(_folder.Write("demo.json", DemoManifest.Create(settings).ToJsonString()),
            _folder.Path);
        Assert.Empty(reading.Problems);
    }

    static JsonObject Model(JsonObject manifest) => (JsonObject)manifest["jobs"]![0]!["model"]!;

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
