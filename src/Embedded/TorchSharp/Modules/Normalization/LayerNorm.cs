using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises over the last dimensions, then scales by a weight (1 at first) and shifts by a bias (0 at first).</summary>
public class LayerNorm : nn.Module<Tensor, Tensor>
{
    internal LayerNorm(long[] shape, double eps, bool affine, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(LayerNorm))
    {
        componentsRegistered = true;
        normalized_shape = shape;
        this.eps = eps;
        elementwise_affine = affine;
        if (!affine) return;
        weight = new Parameter(empty(shape, dtype, device));
        if (hasBias) bias = new Parameter(empty(shape, dtype, device));
        reset_parameters();
    }

    public long[] normalized_shape { get; set; }

    public double eps { get; set; }

    public bool elementwise_affine { get; set; }

    public Parameter? weight
    {
        get;
        set
        {
            field = value;
            Put(nameof(weight), value);
        }
    }

    public Parameter? bias
    {
        get;
        set
        {
            field = value;
            Put(nameof(bias), value);
        }
    }

    public void reset_parameters()
    {
        if (weight is not null) nn.init.ones_(weight);
        if (bias is not null) nn.init.zeros_(bias);
    }

    public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
}
