using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Messaging;
using Microsoft.Azure.Functions.Worker;

namespace DiffusionBatch.Functions.Control;

/// <summary>Plans and ends jobs, as the messages of the control queue ask.</summary>
public sealed class ControlFunctions(ControlHandler handler)
{
    /// <summary>Handles a message; it comes again where this throws, and may come twice in any case.</summary>
    [Function("Control")]
    public Task Run([QueueTrigger(QueueNames.Jobs)] string message, CancellationToken cancellationToken) => handler.HandleAsync(message, cancellationToken);
}
