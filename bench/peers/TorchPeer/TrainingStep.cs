using System.Text.Json.Nodes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Bench.Peer;

/// <summary>
/// A plain training step on RDM's loss with coupled times: logits at all positions, the cross entropy of each times its weight,
/// which is 0 where nothing is masked; backward, clipping and AdamW. Step k takes the k-th noised batch of the folder.
/// </summary>
internal sealed class TrainingStep : ICase
{
    private readonly XlmRoberta _model;
    private readonly AdamW _optimizer;
    private readonly Dictionary<string, Tensor> _batches;
    private int _next;
    private double _loss;

    /// <summary>Loads the model and the batches, and starts again from the first.</summary>
    internal TrainingStep(JsonObject settings)
    {
        random.manual_seed(1);
        string folder = (string)settings["model"]!;
        _model = XlmRoberta.Load(folder, EncoderConfig.Read(folder));
        _model.train();
        _batches = SafeTensors.Read((string)settings["batches"]!);
        _optimizer = optim.AdamW(_model.parameters(), (double)settings["rate"]!, 0.9, 0.98, 1e-8, 0.01);
    }

    /// <inheritdoc/>
    public void Run()
    {
        using var scope = NewDisposeScope();
        var x_t = _batches["x_t"][_next]; // (2 B, N)
        var x_0 = _batches["x_0"][_next]; // (2 B, N)
        var weights = _batches["weights"][_next]; // (2 B, N)
        _next++;
        _optimizer.zero_grad();
        var logits = _model.call(x_t, ones_like(x_t, @bool)); // (2 B, N, V)
        var each = nn.functional.cross_entropy(logits.view(-1, logits.size(2)), x_0.view(-1), reduction: nn.Reduction.None); // (2 B N)
        var loss = (each * weights.view(-1)).sum();
        loss.backward();
        nn.utils.clip_grad_norm_(_model.parameters(), 1.0);
        _optimizer.step();
        _loss = loss.item<float>();
    }

    /// <inheritdoc/>
    public JsonObject Tell() => new() { ["loss"] = _loss };

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        foreach (var tensor in _batches.Values)
            tensor.Dispose();
    }
}
