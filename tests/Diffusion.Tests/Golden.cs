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

    /// <summary>Those whose output projection may be the word embeddings.</summary>
    public static TheoryData<string> TyingArchitectures => [.. ModelConfig.Architectures.Where(a => a != "sedd")];

    /// <summary>SEDD's published network of a graph, absorb or uniform, with what is expected of it.</summary>
    public static (Checkpoint Checkpoint, SafeTensorsReader Expected) Sedd(string graph)
    {
        string path = SharedData.Require("golden/sedd-" + graph);
        return (Checkpoint.Load(path), SafeTensorsReader.Open(Path.Combine(path, "expected.safetensors")));
    }

    /// <summary>Gives weights that begin as 0 small values, so that all of a network has a part in its output.</summary>
    public static void Stir(LanguageModel model)
    {
        using var quiet = TorchSharp.torch.no_grad();
        using var draws = new TorchSharp.torch.Generator(5);
        foreach (var (name, parameter) in model.Named)
            if (name.EndsWith("weight", StringComparison.Ordinal) && parameter.abs().max().item<float>() == 0)
                parameter.normal_(0, 0.1, draws);
    }

    /// <summary>A small model that needs no file.</summary>
    public static LanguageModel Small(double dropout = 0, int layers = 2, int vocabulary = 40, string architecture = "xlm-roberta")
    {
        var spec = new NewModel
        {
            Architecture = architecture,
            HiddenSize = 16,
            Layers = layers,
            Heads = 2,
            FeedForwardSize = 24,
            MaxPositions = 32,
            Dropout = dropout
        };
        var config = ModelConfig.Create(spec, vocabulary, new(0, 1, 2, 3, vocabulary - 1));
        var model = config.Family.Build(config, null);
        model.Initialise(3);
        if (model is Sedd) Stir(model);
        return model;
    }
}
