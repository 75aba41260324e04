using Cnn.Graph.Ir;

namespace Cnn.Graph.OrtTraining;

/// <summary>Where an optimiser of ONNX Runtime Training stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="LearningRate">The rate that it began with. The runtime does not take it from here; it must be set again.</param>
/// <param name="Moments">
/// What is kept beside each trained parameter, by the parameter's name in the checkpoint: one tensor with the operator for SGD, two with
/// that for AdamW.
/// </param>
public sealed record OrtOptimizerState(long Step, float LearningRate, IReadOnlyDictionary<string, IReadOnlyList<TensorData>> Moments);
