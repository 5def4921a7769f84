using System.Text.Json.Nodes;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.SafeTensors;

namespace DiffusionBatch.Diffusion.Tests;

/// <summary>The golden XLM-R that lies beside the repository.</summary>
static class Golden
{
    public static string XlmRoberta => SharedData.Require("golden/xlm-roberta");

    public static Checkpoint Load() => Checkpoint.Load(XlmRoberta);

    public static SafeTensorsReader Tensors(string file) => SafeTensorsReader.Open(Path.Combine(XlmRoberta, file));

    public static JsonNode Json(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(XlmRoberta, file)))!;

    /// <summary>The architectures that can be built.</summary>
    public static TheoryData<string> Architectures => [.. ModelConfig.Architectures];

    /// <summary>A small model that needs no file.</summary>
    public static LanguageModel Small(double dropout = 0, int layers = 2, int vocabulary = 40, string architecture = "xlm-roberta")
    {
        var spec = new NewModel { Architecture = architecture, HiddenSize = 16, Layers = layers, Heads = 2, FeedForwardSize = 24, MaxPositions = 32, Dropout = dropout };
        var config = ModelConfig.Create(spec, vocabulary, new(0, 1, 2, 3, vocabulary - 1));
        var model = config.Family.Build(config, null);
        model.Initialise(3);
        return model;
    }
}
