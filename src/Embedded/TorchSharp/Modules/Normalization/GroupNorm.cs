using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalises an item's channels in groups (Wu and He 2018): (N, C, ..).</summary>
public sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype) : base(nameof(GroupNorm))
    {
        componentsRegistered = true;
        this.num_groups = num_groups;
        this.eps = eps;
        this.affine = affine;
        if (!affine) return;
        weight = new Parameter(ones(num_channels, dtype, device));
        bias = new Parameter(zeros(num_channels, dtype, device));
    }

    public long num_groups { get; set; }

    public double eps { get; set; }

    public bool affine { get; set; }

    public Parameter weight
    {
        get;
        set
        {
            field = value;
            Put(nameof(weight), value);
        }
    } = null!;

    public Parameter? bias
    {
        get;
        set
        {
            field = value;
            Put(nameof(bias), value);
        }
    }

    public override Tensor forward(Tensor tensor)
    {
        if (tensor.Dimensions < 3) throw new ArgumentException($"Invalid number of dimensions for GroupNorm argument: {tensor.Dimensions}");
        return nn.functional.group_norm(tensor, num_groups, weight, bias, eps);
    }
}
