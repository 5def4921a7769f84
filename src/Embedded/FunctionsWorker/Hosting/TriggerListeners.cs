using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker.Hosting.Invocation;
using Microsoft.Azure.Functions.Worker.Hosting.Queues;
using Microsoft.Azure.Functions.Worker.Hosting.Timers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Hosting;

/// <summary>The services that wait for what starts functions, other than requests.</summary>
internal static class TriggerListeners
{
    /// <summary>Adds the listener of a function; none where it is started by requests.</summary>
    /// <exception cref="InvalidOperationException">The trigger's settings are missing or wrong.</exception>
    public static void Add(IServiceCollection services, FunctionEntry function, HostFile host, IConfiguration configuration)
    {
        switch (function.Trigger)
        {
            case TimerTriggerAttribute timer:
                ISchedule schedule = ScheduleText.Parse(timer.Schedule, configuration, function.Name);
                services.AddSingleton<IHostedService>(s => ActivatorUtilities.CreateInstance<TimerListener>(s, function, schedule, timer.RunOnStartup));
                break;
            case QueueTriggerAttribute trigger:
                string name = Settings.Expand(trigger.QueueName, configuration, function.Name), setting = QueueConnection.SettingOf(trigger);
                QueueClient queue = QueueConnection.Open(setting, name, host.Queues.IsBase64, configuration, function.Name);
                QueueClient poison = QueueConnection.Open(setting, name + "-poison", host.Queues.IsBase64, configuration, function.Name);
                services.AddSingleton<IHostedService>(s => new QueueListener(function, queue, poison, host.Queues,
                    s.GetRequiredService<FunctionInvoker>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<QueueListener>>()));
                break;
        }
    }
}
