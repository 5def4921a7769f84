using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// A layer in training of which only the input is kept: the backward pass runs it again and takes its gradients then (Chen et
/// al. 2016, section 4). Dropout draws the same both times, from a seed that the process-wide stream gives it.
/// </summary>
sealed class RecomputedLayer : autograd.SingleTensorFunction<RecomputedLayer>
{
    const string Layer = "layer", Seed = "seed";
    const long None = -1;

    /// <inheritdoc/>
    public override string Name => nameof(RecomputedLayer);

    /// <summary>The layer's output, in the graph.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="x">// (B, N, d)</param>
    /// <param name="bias">// (B, 1, 1 or N, N)</param>
    /// <param name="seeded">Whether the layer drops anything.</param>
    /// <returns>// (B, N, d)</returns>
    public static Tensor Of(ITransformerLayer layer, Tensor x, Tensor bias, bool seeded)
    {
        using var scope = NewDisposeScope();
        long seed = seeded ? randint(int.MaxValue, [1], dtype: int64).item<long>() : None;
        // The parameters aren't among the arguments, and x may come from frozen ones: this puts the layer into the graph.
        var anchor = zeros([1], device: x.device, requires_grad: true);
        return apply(x, bias, anchor, layer, seed).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, bias) = ((Tensor)vars[0], (Tensor)vars[1]);
        ctx.save_for_backward([x, bias]);
        ctx.save_data(Layer, vars[3]);
        ctx.save_data(Seed, vars[4]);
        return Run((ITransformerLayer)vars[3], x, bias, (long)vars[4]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        using var recording = enable_grad();
        var x = saved[0].detach().requires_grad_(true);
        var y = Run((ITransformerLayer)ctx.get_data(Layer), x, saved[1], (long)ctx.get_data(Seed));
        autograd.backward([y], [grad_output]); // adds to the parameters' gradients as it goes
        using var quiet = no_grad();
        return [x.grad!.clone().MoveToOuterDisposeScope(), null!, null!, null!, null!];
    }

    static Tensor Run(ITransformerLayer layer, Tensor x, Tensor bias, long seed)
    {
        using var scope = NewDisposeScope();
        if (seed != None) manual_seed(seed);
        return layer.Finish(x, layer.Attend(x, bias, training: true), training: true).MoveToOuterDisposeScope();
    }
}
