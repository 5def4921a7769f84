using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Training;
using static TorchSharp.torch;
using AdamW = DiffusionBatch.Diffusion.Training.AdamW;
using Parameter = TorchSharp.Modules.Parameter;

namespace DiffusionBatch.Diffusion.Tests.Training;

public sealed class AdamWTests
{
    static readonly TrainingSettings Settings = new() { Betas = [0.9, 0.98], Epsilon = 1e-8, WeightDecay = 0.1, ClipNorm = 0 };

    static Parameter[] Parameters() =>
        [new(arange(6, dtype: float32).view(2, 3)), new(tensor(new float[] { -1, 2 })), new(linspace(-2, 2, 40_003))];

    static Tensor Gradient(Parameter parameter, int step) => (parameter.detach() - 0.3f * step).sin_() * 5;

    static bool Step(AdamW optimizer, double rate, long number) => optimizer.Step(rate, number, optimizer.Norm()?.item<float>());

    static float[] Values(Tensor t) => t.data<float>().ToArray();

    [Theory]
    [InlineData(0, false)]
    [InlineData(0.7, false)]
    [InlineData(0, true)]
    [InlineData(0.7, true)]
    public void Updates_are_those_of_the_library_s_optimizer(double clip, bool byTensors)
    {
        using var scope = NewDisposeScope();
        Parameter[] ours = Parameters(), theirs = Parameters();
        using var optimizer = new AdamW(ours, Settings with { ClipNorm = clip }) { ByTensors = byTensors };
        using var reference = optim.AdamW(theirs, 1e-2, 0.9, 0.98, 1e-8, 0.1);
        for (int step = 1; step <= 20; step++)
        {
            foreach (var parameters in (Parameter[][])[ours, theirs])
                foreach (var parameter in parameters) parameter.grad = Gradient(parameter, step);
            Step(optimizer, 1e-2 / step, step);
            if (clip > 0) nn.utils.clip_grad_norm_(theirs, clip);
            foreach (var group in reference.ParamGroups) group.LearningRate = 1e-2 / step;
            reference.step();
        }
        for (int i = 0; i < ours.Length; i++)
        {
            Assert.NotEqual(Values(Parameters()[i]), Values(ours[i]));
            Assert.Equal(Values(theirs[i]), Values(ours[i]), (x, y) => Math.Abs(x - y) < 1e-5f);
        }
    }

    [Fact]
    public void An_element_is_updated_alike_wherever_it_stands_and_by_however_many_threads()
    {
        using var scope = NewDisposeScope();
        using Parameter many = new(full([40_003], 0.3f)), one = new(full([1], 0.3f));
        using var optimizer = new AdamW([many, one], Settings);
        for (int step = 1; step <= 3; step++)
        {
            foreach (var parameter in (Parameter[])[many, one]) parameter.grad = Gradient(parameter, step);
            Step(optimizer, 1e-2, step);
        }
        Assert.All(Values(many), value => Assert.Equal(one.item<float>(), value));
    }

    [Fact]
    public void Gradients_within_the_norm_stay_as_they_are()
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        using var optimizer = new AdamW(parameters, Settings with { ClipNorm = 1000 });
        foreach (var parameter in parameters) parameter.grad = Gradient(parameter, 1);
        float[] before = Values(parameters[0].grad!);
        Step(optimizer, 1e-3, 1);
        Assert.Equal(before, Values(parameters[0].grad!));
    }

    [Fact]
    public void What_has_no_gradient_is_not_touched()
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        using var optimizer = new AdamW(parameters, Settings);
        parameters[1].grad = Gradient(parameters[1], 1);
        Step(optimizer, 0.1, 1);
        Assert.Equal(Values(Parameters()[0]), Values(parameters[0]));
        Assert.NotEqual(Values(Parameters()[1]), Values(parameters[1]));
        Assert.All(Values(optimizer.Means[0]), m => Assert.Equal(0, m));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_norm_that_is_not_finite_updates_nothing(float norm)
    {
        using var scope = NewDisposeScope();
        var parameters = Parameters();
        using var optimizer = new AdamW(parameters, Settings with { ClipNorm = 1 });
        foreach (var parameter in parameters) parameter.grad = Gradient(parameter, 1);
        Assert.False(optimizer.Step(0.1, 1, norm));
        Assert.Equal(Values(Parameters()[0]), Values(parameters[0]));
    }
}
