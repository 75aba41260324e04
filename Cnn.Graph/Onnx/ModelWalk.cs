using Cnn.Graph.Onnx.Proto;

namespace Cnn.Graph.Onnx;

/// <summary>A tensor of a model file and where it is.</summary>
/// <param name="Tensor">The tensor.</param>
/// <param name="Place">Its place in words, for messages.</param>
/// <param name="IsInitializer">Whether it is a dense initializer of a graph, not a part of an attribute or of a sparse tensor.</param>
internal sealed record PlacedTensor(TensorProto Tensor, string Place, bool IsInitializer);

/// <summary>Visits everything in a model file, subgraphs included. The parser limits nesting, so recursion is safe.</summary>
internal static class ModelWalk
{
    /// <summary>All graphs: the model's, those for training, and the bodies of control flow, each with its place in words.</summary>
    public static IEnumerable<(GraphProto Graph, string Place)> Graphs(ModelProto model)
    {
        IEnumerable<(GraphProto?, string)> roots =
        [
            (model.Graph, string.Empty),
            .. model.TrainingInfo.Select(info => (info.Initialization, " of the training initialization")),
            .. model.TrainingInfo.Select(info => (info.Algorithm, " of the training algorithm")),
        ];
        foreach ((GraphProto? root, string place) in roots)
        {
            if (root is not null)
            {
                yield return (root, place);
                foreach ((GraphProto, string) inner in Subgraphs(root.Node))
                {
                    yield return inner;
                }
            }
        }

        foreach ((GraphProto, string) inner in model.Functions.SelectMany(function => Subgraphs(function.Node)))
        {
            yield return inner;
        }
    }

    /// <summary>All tensors: initializers, dense and sparse, and the values of attributes.</summary>
    public static IEnumerable<PlacedTensor> Tensors(ModelProto model)
    {
        foreach ((GraphProto graph, string place) in Graphs(model))
        {
            foreach (TensorProto tensor in graph.Initializer)
            {
                yield return new PlacedTensor(tensor, $"initializer '{tensor.Name}'{place}", true);
            }

            foreach (SparseTensorProto sparse in graph.SparseInitializer)
            {
                foreach (PlacedTensor part in Parts(sparse, $"sparse initializer '{sparse.Values?.Name}'{place}"))
                {
                    yield return part;
                }
            }

            foreach (PlacedTensor tensor in graph.Node.SelectMany(OfAttributes))
            {
                yield return tensor;
            }
        }

        foreach (PlacedTensor tensor in model.Functions.SelectMany(function => function.Node).SelectMany(OfAttributes))
        {
            yield return tensor;
        }
    }

    /// <summary>A node's name, or what identifies it where it has none.</summary>
    public static string Label(NodeProto node) =>
        node.Name.Length > 0 ? $"'{node.Name}'" : $"{node.OpType} -> '{node.Output.FirstOrDefault(string.Empty)}'";

    private static IEnumerable<(GraphProto Graph, string Place)> Subgraphs(IEnumerable<NodeProto> nodes)
    {
        foreach (NodeProto node in nodes)
        {
            foreach (AttributeProto attribute in node.Attribute)
            {
                IEnumerable<GraphProto> bodies = attribute.G is null ? attribute.Graphs : attribute.Graphs.Prepend(attribute.G);
                foreach (GraphProto body in bodies)
                {
                    yield return (body, $" of '{attribute.Name}' of node {Label(node)}");
                    foreach ((GraphProto, string) inner in Subgraphs(body.Node))
                    {
                        yield return inner;
                    }
                }
            }
        }
    }

    private static IEnumerable<PlacedTensor> OfAttributes(NodeProto node)
    {
        foreach (AttributeProto attribute in node.Attribute)
        {
            string place = $"attribute '{attribute.Name}' of node {Label(node)}";
            foreach (TensorProto tensor in attribute.T is null ? attribute.Tensors : attribute.Tensors.Prepend(attribute.T))
            {
                yield return new PlacedTensor(tensor, place, false);
            }

            IEnumerable<SparseTensorProto> sparse = attribute.SparseTensor is null
                ? attribute.SparseTensors
                : attribute.SparseTensors.Prepend(attribute.SparseTensor);
            foreach (PlacedTensor part in sparse.SelectMany(tensor => Parts(tensor, place)))
            {
                yield return part;
            }
        }
    }

    private static IEnumerable<PlacedTensor> Parts(SparseTensorProto sparse, string place)
    {
        if (sparse.Values is { } values)
        {
            yield return new PlacedTensor(values, $"the values of {place}", false);
        }

        if (sparse.Indices is { } indices)
        {
            yield return new PlacedTensor(indices, $"the indices of {place}", false);
        }
    }
}
