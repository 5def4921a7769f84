using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Stochastic gradient descent with momentum, dampening, Nesterov's variant and L2 decay.</summary>
public partial class SGD : OptimizerHelper, optim.IMomentum
{
    readonly Options defaults;

    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = [.. parameters] }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        if (lr < 0) throw new ArgumentException($"Invalid learning rate: {lr}");
        if (momentum < 0) throw new ArgumentException($"Invalid momentum value: {momentum}");
        if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
        if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
        ArgumentNullException.ThrowIfNull(parameters);
        defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            momentum = momentum,
            dampening = dampening,
            weight_decay = weight_decay,
            nesterov = nesterov,
            maximize = maximize,
        };
        foreach (ParamGroup group in parameters) add_param_group(group);
    }

    /// <summary>The momentum of all groups.</summary>
    public double Momentum
    {
        get => defaults.momentum!.Value;
        set
        {
            defaults.momentum = value;
            foreach (Modules.ParamGroup group in _parameter_groups) ((ParamGroup)group).Momentum = value;
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
        options.momentum ??= defaults.momentum;
        options.dampening ??= defaults.dampening;
        options.weight_decay ??= defaults.weight_decay;
        options.nesterov ??= defaults.nesterov;
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
        double momentum = options.momentum!.Value, dampening = options.dampening!.Value, decay = options.weight_decay!.Value;
        foreach (Parameter parameter in group.Parameters)
        {
            if (parameter.gradient is not { } gradient) continue;
            var state = (State)StateOf(parameter);
            Tensor d = options.maximize == true ? gradient.neg() : gradient;
            if (decay != 0) d = d.add(parameter.detach().mul(decay));
            if (momentum != 0)
            {
                if (state.momentum_buffer is null) state.momentum_buffer = d.clone().DetachFromDisposeScope();
                else state.momentum_buffer.mul_(momentum).add_(d.mul(1 - dampening));
                d = options.nesterov == true ? d.add(state.momentum_buffer.mul(momentum)) : state.momentum_buffer;
            }
            parameter.sub_(d.mul(group.LearningRate));
        }
    }, closure);

    protected override void Dispose(bool disposing)
    {
        if (disposing) DisposeStates();
        base.Dispose(disposing);
    }
}
