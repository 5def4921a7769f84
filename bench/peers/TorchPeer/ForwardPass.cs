using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench.Peer;

/// <summary>A forward pass with the logits of all positions.</summary>
internal sealed class ForwardPass : ICase
{
    private readonly XlmRoberta _model;
    private readonly Tensor _ids;

    /// <summary>Loads the model and the batch.</summary>
    internal ForwardPass(JsonObject settings)
    {
        string folder = (string)settings["model"]!;
        _model = XlmRoberta.Load(folder, EncoderConfig.Read(folder));
        _model.eval();
        _ids = SafeTensors.Read((string)settings["batches"]!)["ids"];
    }

    /// <inheritdoc/>
    public void Run()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        Logits();
    }

    /// <summary>The sum of the logits' magnitudes.</summary>
    public JsonObject Tell()
    {
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        return new JsonObject { ["sum"] = Logits().to(float64).abs().sum().item<double>() };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _ids.Dispose();
    }

    private Tensor Logits() => _model.call(_ids, ones_like(_ids, @bool));
}
