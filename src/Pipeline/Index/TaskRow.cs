namespace DiffusionBatch.Pipeline.Index;

/// <summary>A finished task: a shard of one cell, or the whole of a job without cells.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Cell">The cell's name; empty where the job has no cells.</param>
/// <param name="Part">The part's number, from 0.</param>
/// <param name="Nfe">Its forward passes.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Seconds">Its computing time.</param>
public sealed record TaskRow(string JobId, string Cell, int Part, long Nfe, long Tokens, double Seconds);
