using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
public partial class AdamW : OptimizerHelper, optim.IBetas
{
    public AdamW(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public AdamW(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        Invalid.Adam(lr, beta1, beta2, eps, weight_decay);
        Begin(Options.Of(lr, beta1, beta2, eps, weight_decay, amsgrad, maximize), parameters);
    }

    /// <summary>The decay rates of all groups.</summary>
    public (double, double) Betas
    {
        get => _defaults.Betas;
        set => SetBetas(value);
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group) => Include<Options>(param_group, p => new State(p));

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => _step<ParamGroup>(group =>
    {
        Options o = group.Options;
        Each<State>(group, (parameter, gradient, state) =>
        {
            state.step++;
            Adams.Step(parameter, gradient, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq, state.step, new AdamSettings(
                group.LearningRate, o.beta1!.Value, o.beta2!.Value, o.eps!.Value, o.weight_decay!.Value, true, o.maximize!.Value));
        });
    }, closure);
}
