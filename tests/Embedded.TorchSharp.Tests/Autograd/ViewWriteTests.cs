using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Autograd;

/// <summary>Writes to views while operations are recorded: base and views stay one tensor, for gradients too.</summary>
public sealed class ViewWriteTests
{
    static readonly Dictionary<string, (long[][] Shapes, Func<Tensor[], Tensor> Run)> Cases = new()
    {
        ["copy to a row of a constant"] = ([[3]], x =>
        {
            Tensor whole = ones(2, 3, float64);
            whole[1].copy_(x[0]);
            return whole * whole;
        }
        ),
        ["multiply a column of an activation"] = ([[3, 4], [3]], x =>
        {
            Tensor y = x[0] * 2;
            y.select(1, 2).mul_(x[1]);
            return y * x[0];
        }
        ),
        ["a view made before the write sees it"] = ([[2, 3]], x =>
        {
            Tensor y = x[0] * 3, flat = y.view(6), turned = y.t();
            y.add_(x[0]).mul_(x[0]);
            return flat.sum() * turned;
        }
        ),
        ["a view of a view"] = ([[4, 4], [2]], x =>
        {
            Tensor y = x[0] + 1, part = y.slice(0, 1, 4, 2).t();
            part[2].mul_(x[1]);
            part[0] = x[1] * x[1];
            return y.mul(y);
        }
        ),
        ["two writes, read through each"] = ([[2, 2]], x =>
        {
            Tensor y = x[0] * x[0], a = y[0], b = y[1];
            a.mul_(b.clone());
            b.add_(a);
            return a + b * 2 + y.sum();
        }
        ),
        ["fill a part"] = ([[3, 3]], x =>
        {
            Tensor y = x[0] * 2;
            y[TensorIndex.Slice(1), 0] = 5.0;
            return y * y;
        }
        ),
        ["masked fill of a view"] = ([[2, 3]], x =>
        {
            Tensor y = x[0] * 2;
            y.t().masked_fill_(tensor(new[] { true, false }), 1.5);
            return y * x[0];
        }
        ),
        ["the base's own write after the view's"] = ([[3]], x =>
        {
            Tensor y = x[0] * 1.5, v = y[1];
            v.mul_(x[0][0]);
            y.mul_(x[0]);
            return v * y;
        }
        ),
        ["in a loop over steps"] = ([[5], [3]], x =>
        {
            Tensor steps = zeros(4, 3, float64);
            for (int i = 0; i < 3; i++) steps[i + 1] = steps[i].clone() * x[0][i] + x[1];
            return steps;
        }
        ),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Gradients_are_the_differences(string name) => Differences.Check(Cases[name].Shapes, Cases[name].Run, name);

    [Fact]
    public void The_base_outlives_its_handle()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_(), view;
        using (Tensor y = x * 2) view = y.view(3, 1);
        view.mul_(x.view(3, 1));
        view.sum().backward();
        Assert.Equal([4f, 4f, 4f], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void What_must_not_be_written_to_is_refused_in_PyTorchs_words()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_(), hidden, inference;
        using (no_grad()) hidden = (x * 2)[0];
        using (inference_mode()) inference = ones(3);
        Refused("a leaf Variable that requires grad is being used in an in-place operation.", () => x.add_(1));
        Refused("a view of a leaf Variable that requires grad is being used in an in-place operation.", () => x.view(3, 1)[0].mul_(2));
        Refused("Output 0 of SplitBackward0 is a view and is being modified inplace. This view is the output of a function that returns multiple views.", () => x.exp().split(1)[0].mul_(2));
        Refused("Output 0 of UnbindBackward0 is a view", () => x.exp().unbind()[0].mul_(2));
        Refused("unsupported operation: more than one element of the written-to tensor refers to a single memory location.", () => zeros(1).expand(3).add_(1));
        Refused("Inplace update to inference tensor outside InferenceMode is not allowed.", () => inference.add_(1));
        Refused("Inference tensors cannot be saved for backward.", () => x.mul(inference));
        Refused("Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.", () => inference.requires_grad_());
        Refused("Can't detach views in-place.", () => (x * 2).view(3, 1).detach_());
        Assert.Equal(2f, hidden.item<float>());
        using (no_grad()) x.view(3, 1)[0].mul_(2);
        Assert.Equal([2f, 1, 1], x.data<float>().ToArray());
    }

    [Fact]
    public void A_view_of_no_grad_is_not_written_to_with_a_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_(), y = x * 2, view;
        using (no_grad()) view = y[0];
        Refused("A view was created in no_grad mode and is being modified inplace with grad mode enabled.", () => view.copy_(x[0]));
        using (no_grad()) view.fill_(7);
        Assert.Equal(7f, y[0].item<float>());
    }

    [Fact]
    public void A_write_through_a_view_spoils_what_the_backward_pass_saved()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = ones(3).requires_grad_(), y = x * 2, z = y * y;
        y[0].add_(1);
        Refused("one of the variables needed for gradient computation has been modified by an inplace operation: [torch.FloatTensor [3]], which is output 0 of", () => z.sum().backward());
    }

    static void Refused(string message, Action act) => Assert.StartsWith(message, Assert.Throws<ExternalException>(act).Message, StringComparison.Ordinal);
}
