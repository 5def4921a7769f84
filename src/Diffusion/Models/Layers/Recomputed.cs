using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models.Layers;

/// <summary>
/// A layer in training of which only the inputs are kept: the backward pass runs it again and takes its gradients then (Chen et
/// al. 2016, section 4). Dropout draws the same masks both times.
/// </summary>
sealed class Recomputed : autograd.SingleTensorFunction<Recomputed>
{
    const string Layer = "layer", Masks = "dropout", Place = "place", Inputs = "inputs";

    /// <inheritdoc/>
    public override string Name => nameof(Recomputed);

    /// <summary>The layer's output, in the graph.</summary>
    /// <param name="layer">The layer, of its inputs and constants in this order.</param>
    /// <param name="inputs">What gradients go to.</param>
    /// <param name="constants">What none go to.</param>
    /// <param name="dropout">What the layer drops by.</param>
    public static Tensor Of(Func<IReadOnlyList<Tensor>, Tensor> layer, Tensor[] inputs, Tensor[] constants, Dropout dropout)
    {
        using var scope = NewDisposeScope();
        // The parameters aren't among the arguments, and the inputs may come from frozen ones: this puts the layer into the graph.
        var anchor = zeros([1], device: inputs[0].device, requires_grad: true);
        return apply([layer, dropout, inputs.Length, .. inputs, .. constants, anchor]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        List<Tensor> tensors = [.. vars.Skip(3).SkipLast(1).Cast<Tensor>()];
        ctx.save_for_backward(tensors);
        ctx.save_data(Layer, vars[0]);
        ctx.save_data(Masks, vars[1]);
        ctx.save_data(Place, ((Dropout)vars[1]).Place);
        ctx.save_data(Inputs, vars[2]);
        return Run((Func<IReadOnlyList<Tensor>, Tensor>)vars[0], tensors);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        int count = (int)ctx.get_data(Inputs);
        List<Tensor> tensors = [.. saved.Select((t, i) => i < count ? t.detach().requires_grad_(true) : t)];
        var dropout = (Dropout)ctx.get_data(Masks);
        long next = dropout.Place;
        dropout.Place = (long)ctx.get_data(Place);
        using (enable_grad())
        {
            var y = Run((Func<IReadOnlyList<Tensor>, Tensor>)ctx.get_data(Layer), tensors);
            autograd.backward([y], [grad_output]); // adds to the parameters' gradients as it goes
        }
        dropout.Place = next;
        using var quiet = no_grad();
        return [null!, null!, null!, .. tensors.Select((t, i) => i < count ? t.grad!.clone().MoveToOuterDisposeScope() : null!), null!];
    }

    static Tensor Run(Func<IReadOnlyList<Tensor>, Tensor> layer, IReadOnlyList<Tensor> tensors)
    {
        using var scope = NewDisposeScope();
        return layer(tensors).MoveToOuterDisposeScope();
    }
}
