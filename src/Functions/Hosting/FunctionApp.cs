using DiffusionBatch.Functions.Files;
using DiffusionBatch.Functions.Jobs;
using DiffusionBatch.Functions.Problems;
using DiffusionBatch.Functions.Timers;
using DiffusionBatch.Pipeline.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>Puts the function app together.</summary>
public static class FunctionApp
{
    /// <summary>
    /// Registers what the functions need. Settings: <c>AzureWebJobsStorage</c>, the storage account (<see cref="FunctionsStorage"/>);
    /// <c>Pipeline:Index</c>, <c>Pipeline:IndexByIdentity</c> and <c>Pipeline:Container</c> (<see cref="PipelineConnection"/>);
    /// <c>Files:MaxBytes</c>; <c>RetentionDays</c>.
    /// </summary>
    public static void Configure(FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UseMiddleware<ProblemMiddleware>();
        builder.Services.AddDiffusionBatchPipeline(connection =>
        {
            builder.Configuration.GetSection("Pipeline").Bind(connection);
            if (string.IsNullOrEmpty(connection.Folder)) FunctionsStorage.Fill(connection, builder.Configuration);
        });
        builder.Services.AddSingleton(FileLimits.Of(builder.Configuration));
        builder.Services.AddSingleton<JobViews>();
        builder.Services.AddSingleton(Retention.Of(builder.Configuration));
    }
}
