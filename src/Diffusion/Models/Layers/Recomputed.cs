using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// A layer in training of which only the inputs are kept: the backward pass runs it again and takes its gradients then (Chen et
/// al. 2016, section 4). Dropout draws the same both times, from a seed that the process-wide stream gives it.
/// </summary>
sealed class Recomputed : autograd.SingleTensorFunction<Recomputed>
{
    const string Layer = "layer", Seed = "seed", Inputs = "inputs";
    const long None = -1;

    /// <inheritdoc/>
    public override string Name => nameof(Recomputed);

    /// <summary>The layer's output, in the graph.</summary>
    /// <param name="layer">The layer, of its inputs and constants in this order.</param>
    /// <param name="inputs">What gradients go to.</param>
    /// <param name="constants">What none go to.</param>
    /// <param name="seeded">Whether the layer drops anything.</param>
    public static Tensor Of(Func<IReadOnlyList<Tensor>, Tensor> layer, Tensor[] inputs, Tensor[] constants, bool seeded)
    {
        using var scope = NewDisposeScope();
        long seed = seeded ? randint(int.MaxValue, [1], dtype: int64).item<long>() : None;
        // The parameters aren't among the arguments, and the inputs may come from frozen ones: this puts the layer into the graph.
        var anchor = zeros([1], device: inputs[0].device, requires_grad: true);
        return apply([layer, seed, inputs.Length, .. inputs, .. constants, anchor]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        List<Tensor> tensors = [.. vars.Skip(3).SkipLast(1).Cast<Tensor>()];
        ctx.save_for_backward(tensors);
        ctx.save_data(Layer, vars[0]);
        ctx.save_data(Seed, vars[1]);
        ctx.save_data(Inputs, vars[2]);
        return Run((Func<IReadOnlyList<Tensor>, Tensor>)vars[0], tensors, (long)vars[1]);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        int count = (int)ctx.get_data(Inputs);
        List<Tensor> tensors = [.. saved.Select((t, i) => i < count ? t.detach().requires_grad_(true) : t)];
        using (enable_grad())
        {
            var y = Run((Func<IReadOnlyList<Tensor>, Tensor>)ctx.get_data(Layer), tensors, (long)ctx.get_data(Seed));
            autograd.backward([y], [grad_output]); // adds to the parameters' gradients as it goes
        }
        using var quiet = no_grad();
        return [null!, null!, null!, .. tensors.Select((t, i) => i < count ? t.grad!.clone().MoveToOuterDisposeScope() : null!), null!];
    }

    static Tensor Run(Func<IReadOnlyList<Tensor>, Tensor> layer, IReadOnlyList<Tensor> tensors, long seed)
    {
        using var scope = NewDisposeScope();
        if (seed != None) manual_seed(seed);
        return layer(tensors).MoveToOuterDisposeScope();
    }
}
