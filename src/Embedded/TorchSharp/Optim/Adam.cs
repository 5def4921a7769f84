using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam (Kingma and Ba 2015); weight decay is L2.</summary>
public partial class Adam : OptimizerHelper, optim.IBetas
{
    readonly Options defaults;

    public Adam(IEnumerable<Parameter> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public Adam(IEnumerable<ParamGroup> parameters, double lr = 1e-3, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-8, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1: {beta1}");
        if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2: {beta2}");
        if (eps < 0) throw new ArgumentException($"Invalid eps: {eps}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay: {weight_decay}");
        ArgumentNullException.ThrowIfNull(parameters);
        defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (ParamGroup group in parameters) add_param_group(group);
    }

    /// <summary>The decay rates of all groups.</summary>
    public (double, double) Betas
    {
        get => (defaults.beta1!.Value, defaults.beta2!.Value);
        set
        {
            (defaults.beta1, defaults.beta2) = value;
            foreach (Modules.ParamGroup group in _parameter_groups) ((ParamGroup)group).Betas = value;
        }
    }

    /// <summary>Takes in a group; what its options leave open is as this optimizer has it.</summary>
    public override void add_param_group(Modules.ParamGroup param_group)
    {
        ArgumentNullException.ThrowIfNull(param_group);
        Options options = param_group.Options as Options ?? new Options();
        param_group.Options = options;
        options.LearningRate ??= defaults.LearningRate;
        if (options.InitialLearningRate == 0) options.InitialLearningRate = options.LearningRate!.Value;
        options.beta1 ??= defaults.beta1;
        options.beta2 ??= defaults.beta2;
        options.eps ??= defaults.eps;
        options.weight_decay ??= defaults.weight_decay;
        options.amsgrad ??= defaults.amsgrad;
        options.maximize ??= defaults.maximize;
        param_group.Parameters = [.. param_group.Parameters];
        base.add_param_group(param_group);
        foreach (Parameter parameter in param_group.Parameters)
        {
            var state = new State(parameter);
            state.Initialize(options);
            SetState(parameter, state);
        }
    }

    /// <summary>One step for every parameter that has a gradient.</summary>
    public override Tensor step(Func<Tensor>? closure = null) => Step<ParamGroup>(group =>
    {
        Options options = group.Options;
        foreach (Parameter parameter in group.Parameters)
        {
            if (parameter.gradient is not { } gradient) continue;
            var state = (State)StateOf(parameter);
            state.step++;
            Adams.Step(parameter, gradient, state.exp_avg, state.exp_avg_sq, state.max_exp_avg_sq, state.step, new AdamSettings(
                group.LearningRate, options.beta1!.Value, options.beta2!.Value, options.eps!.Value, options.weight_decay!.Value, false, options.maximize!.Value));
        }
    }, closure);

    protected override void Dispose(bool disposing)
    {
        if (disposing) DisposeStates();
        base.Dispose(disposing);
    }
}
